import type {Cluster} from "../../../clusters/cluster.js";
import type {VaultRules} from "../../../vaults/vaultRules.js";

type Options = {
  readonly operatorId: string;
  /** Undefined: all clusters are named. */
  readonly rules?: Pick<VaultRules, "clusters">;
  /** Of a deposit data file: only these, in their order. */
  readonly listedKeys?: readonly string[] | undefined;
};

/**
 * The public keys that a vault's commands may ask for, in lower-case hex with 0x: of clusters that list the operator and that the
 * vault's rules name. A key that only a file has would be somebody else's validator.
 */
export function findCandidates(
  clusters: readonly Pick<Cluster, "id" | "operatorIds" | "validators">[],
  {operatorId, rules, listedKeys}: Options,
): string[] {
  const ours = clusters.filter(({id, operatorIds}) => operatorIds.includes(operatorId) && rules?.clusters.has(id) !== false);
  const known = new Set(ours.flatMap(({validators}) => [...validators.keys()]));
  return (listedKeys ?? [...known]).filter((key) => known.has(key));
}
