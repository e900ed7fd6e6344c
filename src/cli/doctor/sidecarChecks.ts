import type {Static} from "typebox";
import {sidecarDurable} from "../../messaging/topology.js";
import type {SidecarEnv} from "../env/sidecarEnv.js";
import {expectType, ownEntry, ownSidecars} from "../sidecar/ownCluster.js";
import {configOf, shareIndexesOf} from "../sidecar/shareIndexes.js";
import {allowedKeysCheck} from "./allowedKeysCheck.js";
import {busCheck, busPart, consumersChecks, type Member, participantsStreamCheck, seedCheck, seedPart} from "./bus.js";
import {type Check, createPart, toCheck} from "./check.js";
import {checkpointChecks} from "./checkpointChecks.js";
import {type Context, withCopies} from "./context.js";
import {definitionCheck, definitionPart, participantsCheck, participantsPart, stateFileCheck} from "./files.js";
import {keySharesCheck} from "./keyShares.js";
import {nodeChecks} from "./nodes.js";

type Config = Static<typeof SidecarEnv>;

/** What the sidecars of one process need. */
export async function sidecarChecks(context: Context<Config>): Promise<Check[]> {
  const {config, env} = context;
  const participants = participantsPart(context);
  const entry = createPart("the cluster of CLUSTER_ID", async () => {
    const found = ownEntry(await participants.need(), config, env);
    ownSidecars(found, config);
    return found;
  });
  const known = await entry.open().catch(() => undefined);
  const id = known?.id ?? config.CLUSTER_ID ?? "of this node";
  const copied = {...context, config: await withCopies(context)};
  const definition = definitionPart(id, async () => entry.need(), copied);
  const typed = {...definition, need: async () => expectType(await definition.need(), await entry.need(), config)};
  const {ALLOWED_KEYS_FILE: allowedKeys} = config;
  return [
    participantsCheck(participants),
    toCheck(entry.what, async () => `${(await entry.open()).id}, and its share indexes of this process`),
    definitionCheck({...definition, open: async () => expectType(await definition.open(), await entry.need(), config)}),
    ...checkpointChecks(known === undefined ? [] : [known], {
      ...context,
      config: {SSV_CHECKPOINT_FILE: config.SSV_CHECKPOINT_FILE},
    }),
    ...shareIndexesOf(config).flatMap((shareIndex) => {
      const own = {...context, config: configOf(config, shareIndex)};
      const who = `sidecar-${id}-${shareIndex}`;
      const find = (): Member => ({
        participant: who,
        nkey: known?.sidecars.find((it) => it.shareIndex === shareIndex)?.nkey,
      });
      const seed = seedPart(who, participants, {...own, find});
      const bus = busPart(who, seed, participants, own);
      const consumers = {stream: "EXIT_REQUESTS" as const, durables: () => [sidecarDurable(id, shareIndex)]};
      return [
        stateFileCheck("SIDECAR_STATE_FILE", own.config.SIDECAR_STATE_FILE, own),
        seedCheck(seed),
        busCheck(bus),
        participantsStreamCheck(bus),
        ...consumersChecks(who, bus, consumers),
        keySharesCheck(shareIndex, typed, context),
      ];
    }),
    ...(allowedKeys === undefined ? [] : [allowedKeysCheck(allowedKeys, context)]),
    ...nodeChecks(context),
  ];
}
