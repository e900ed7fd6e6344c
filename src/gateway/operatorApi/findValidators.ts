import {type VaultRules, whyNotCluster} from "../../vaults/vaultRules.js";
import type {Caller} from "../access/caller.js";
import {busOf} from "../busOf.js";
import type {Gateway} from "../gateway.js";
import {Problem} from "../http/problem.js";
import type {Place} from "../lookUp.js";

type Found = {
  /** In whose name they are asked for. */
  readonly operatorId: string;
  /** Cluster by cluster, in the order of the files. */
  readonly places: readonly Place[];
};

/**
 * The vault's validators that the caller may ask for; where nobody is asked who they are, those of the first operator who has any.
 * NOT_ALLOWED where the gateway does not speak for the operator.
 */
export function findValidators(gateway: Gateway, caller: Caller, rules: VaultRules): Found {
  const operatorIds = caller.as === "operator" ? [caller.operatorId] : [...gateway.operators.keys()];
  const found = operatorIds.map((operatorId) => ({operatorId, places: placesOf(gateway, operatorId, rules)}));
  const validators = found.find(({places}) => places.length > 0) ?? found[0];
  if (!validators) throw new Problem("NOT_ALLOWED", "this gateway speaks for no operator");
  busOf(gateway, validators.operatorId);
  return validators;
}

const placesOf = ({clusters}: Gateway, operatorId: string, rules: VaultRules): Place[] =>
  clusters.all
    .filter(({id, operatorIds}) => operatorIds.includes(operatorId) && whyNotCluster(rules, id) === undefined)
    .flatMap((cluster) => [...cluster.validators.values()].map((validator) => ({cluster, validator})));
