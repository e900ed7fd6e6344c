import {DvtError} from "../../errors.js";
import type {Participants} from "../../participants/participants.js";

/**
 * The participant with this nkey, if it may ask the relayer what is open: the administrator, a viewer or an operator.
 * KEY_FILE_INVALID if it is somebody else's, or nobody's.
 */
export function findAsker(participants: Participants, nkey: string): string {
  const {admin, viewers, operators, relayer, aggregator, clusters} = participants;
  const askers = [
    {participant: "admin", nkey: admin.nkey},
    ...viewers.map((it) => ({participant: `viewer-${it.id}`, nkey: it.nkey})),
    ...operators.map((it) => ({participant: `operator-${it.id}`, nkey: it.nkey})),
  ];
  const asker = askers.find((it) => it.nkey === nkey);
  if (asker) return asker.participant;
  const sidecar = clusters.flatMap(({id, sidecars}) =>
    sidecars.filter((it) => it.nkey === nkey).map(({shareIndex}) => `sidecar-${id}-${shareIndex}`),
  );
  const others = [...(relayer.nkey === nkey ? ["relayer"] : []), ...(aggregator.nkey === nkey ? ["aggregator"] : []), ...sidecar];
  throw new DvtError(
    "KEY_FILE_INVALID",
    others.length > 0
      ? `ask the relayer: NATS_SEED_FILE is that of ${others[0]}; use that of the administrator, a viewer or an operator`
      : `ask the relayer: NATS_SEED_FILE is the seed of ${nkey}, and participants.json lists it neither as the administrator, nor as a viewer, nor as an operator`,
  );
}
