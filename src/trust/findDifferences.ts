import type {ParticipantsFile} from "../../schemas/participants.js";
import {hashOf} from "./hashOf.js";
import type {Trust} from "./trustFile.js";

/**
 * What a version of participants.json asks a node to trust beyond what its people agreed to, each in words; none if it only takes
 * something away. Who else takes part is not its business: the relayer, other clusters, other nodes.
 */
export function findDifferences(trust: Trust, file: ParticipantsFile): string[] {
  const {admin, aggregator} = file;
  const newKeys = aggregator.encryption_keys.filter((key) => !trust.aggregator.encryption_keys.includes(key));
  return [
    ...changed("the administrator's nkey", trust.admin, admin.nkey),
    ...changed("the aggregator's nkey", trust.aggregator.nkey, aggregator.nkey),
    ...newKeys.map((key) => `shares would be encrypted to a new key of the aggregator: ${key}`),
    ...trust.clusters.flatMap((it) => differencesOf(it, file)),
  ];
}

function differencesOf({id, definition_hash, operators}: Trust["clusters"][number], file: ParticipantsFile): string[] {
  const cluster = file.clusters.find((it) => it.id === id);
  // Without its cluster, a process that names none would take another one for its own.
  if (!cluster) return [`cluster ${id} is gone`];
  const nkeyOf = (operatorId: string): string | undefined => operators.find((it) => it.id === operatorId)?.nkey;
  return [
    ...changed(`the definition of cluster ${id}`, definition_hash, hashOf(cluster, file.network) ?? "not named"),
    ...file.operators
      .filter((operator) => cluster.operators.includes(operator.id))
      .flatMap((operator) => {
        const known = nkeyOf(operator.id);
        if (known === undefined) return [`operator ${operator.id} (${operator.nkey}) may newly ask for exits of cluster ${id}`];
        return changed(`the nkey of operator ${operator.id}`, known, operator.nkey);
      }),
  ];
}

const changed = (what: string, before: string, after: string): string[] =>
  before === after ? [] : [`${what} would be ${after} instead of ${before}`];
