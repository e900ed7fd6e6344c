import {isDeepStrictEqual} from "node:util";
import type {ParticipantsFile} from "../../schemas/participants.js";
import type {Centre, WantedCluster} from "./centre.js";
import type {PublicKeys} from "./makeKeys.js";

/**
 * participants.json with what the centre has to have: its own participants, and the clusters that it lacks, which begin without sidecars.
 * What is there stays; a change raises the version.
 */
export function addToParticipants(before: ParticipantsFile | undefined, centre: Centre, keys: PublicKeys): ParticipantsFile {
  const {operatorId} = centre;
  const own = operatorId === undefined ? [] : [operatorId];
  const known = new Set(before?.clusters.map(({id}) => id));
  const added = centre.clusters.filter(({id}) => !known.has(id)).map((it) => ({...toEntry(it), operators: own, sidecars: []}));
  const after: ParticipantsFile = {
    ...(before ?? {
      network: centre.network,
      admin: {nkey: keys.admin},
      relayer: {nkey: keys.relayer},
      aggregator: {nkey: keys.aggregator, encryption_keys: [keys.encryption]},
    }),
    version: before?.version ?? 1,
    server_admin: {nkey: keys.serverAdmin},
    operators: withOne(before?.operators, operatorId, keys.operator),
    viewers: withOne(before?.viewers, "console", keys.console),
    // A cluster that nobody may ask about is there for the operator who has just come.
    clusters: [...(before?.clusters ?? []).map((it) => (it.operators.length > 0 ? it : {...it, operators: own})), ...added],
  };
  if (before === undefined || isDeepStrictEqual(after, before)) return after;
  return {...after, version: (before.version ?? 0) + 1};
}

type Named = {id: string; nkey: string};

const withOne = (list: readonly Named[] = [], id: string | undefined, nkey: string | undefined): Named[] =>
  id === undefined || nkey === undefined || list.some((it) => it.id === id) ? [...list] : [...list, {id, nkey}];

const toEntry = ({id, definition}: WantedCluster): Pick<ParticipantsFile["clusters"][number], "id" | "definition"> => ({
  id,
  definition: "name" in definition ? definition.name : {ssv_operator_ids: [...definition.ssvOperatorIds]},
});
