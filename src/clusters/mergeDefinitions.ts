import {DvtError} from "../errors.js";
import type {ClusterDefinition, Validator} from "./cluster.js";
import {haveSameShares} from "./sameShares.js";

/** The definition in one file of a cluster. */
export type DefinitionPart = {readonly path: string; readonly definition: ClusterDefinition};

/** Merges the files of one cluster, which may repeat validators; CLUSTER_FILES_DISAGREE names two that contradict each other. */
export function mergeDefinitions(parts: readonly [DefinitionPart, ...DefinitionPart[]]): ClusterDefinition {
  const [first, ...others] = parts;
  if (others.length === 0) return first.definition;
  const {type, network, threshold} = first.definition;
  for (const part of others) {
    for (const [property, describe] of Object.entries(mustAgree)) {
      const [own, expected] = [describe(part.definition), describe(first.definition)];
      if (own !== expected) throw disagree(part, `its ${property} is ${own}, but ${expected} in ${first.path}`);
    }
  }
  const [definitionId, ...otherIds] = new Set(parts.map(({definition}) => definition.definitionId));
  const isOne = definitionId !== undefined && otherIds.length === 0;
  return {type, network, threshold, ...(isOne && {definitionId}), validators: mergeValidators(parts)};
}

const mustAgree: Record<string, (definition: ClusterDefinition) => string> = {
  type: ({type}) => type,
  threshold: ({threshold}) => String(threshold),
  "set of share indexes": ({validators}) =>
    [...new Set([...validators.values()].map(shareIndexesOf))].map((indexes) => `[${indexes}]`).join(" and "),
};

const shareIndexesOf = ({publicKeyShares}: Validator): string => [...publicKeyShares.keys()].sort((a, b) => a - b).join(", ");

function mergeValidators(parts: readonly DefinitionPart[]): ReadonlyMap<string, Validator> {
  const validators = new Map<string, Validator>();
  const paths = new Map<string, string>();
  for (const part of parts) {
    for (const [publicKeyHex, validator] of part.definition.validators) {
      const other = validators.get(publicKeyHex);
      if (other && !isSame(other, validator)) {
        throw disagree(part, `its validator ${publicKeyHex} differs from the one in ${paths.get(publicKeyHex)}`);
      }
      if (other) continue;
      paths.set(publicKeyHex, part.path);
      validators.set(publicKeyHex, validator);
    }
  }
  return validators;
}

function isSame(one: Validator, other: Validator): boolean {
  return (
    one.withdrawalAddress === other.withdrawalAddress && haveSameShares(one, other) && encryptedOf(one) === encryptedOf(other)
  );
}

const encryptedOf = ({encryptedKeyShares = new Map()}: Validator): string =>
  [...encryptedKeyShares.keys()]
    .sort((a, b) => a - b)
    .map((index) => `${index} ${Buffer.from(encryptedKeyShares.get(index) ?? []).toString("base64")}`)
    .join("\n");

const disagree = ({path}: DefinitionPart, problem: string): DvtError =>
  new DvtError("CLUSTER_FILES_DISAGREE", `read ${path}: ${problem}`);
