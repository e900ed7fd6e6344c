import type {ClusterDefinition} from "../../../src/clusters/cluster.js";
import {readSsvKeyshares} from "../../../src/clusters/ssv/ssvKeyshares.js";
import {ssvThresholds} from "../../../src/clusters/ssv/ssvShares.js";
import {type DealtValidator, dealAt} from "../../../src/sandbox/makeCluster.js";
import {makeSsvOperator, type SsvOperator, ssvOperatorIds, toKeyshares} from "../../../src/sandbox/makeSsvCluster.js";

export type KeysharesEntry = {
  data: {
    ownerNonce?: unknown;
    ownerAddress?: unknown;
    publicKey?: unknown;
    operators?: {id: number; operatorKey: string}[] | null;
  };
  payload: {publicKey: string; operatorIds: number[]; sharesData: string};
};
export type Keyshares = {shares: KeysharesEntry[]};

/** RSA keys take long to make: these four are everybody's. */
export const ssvOperators = await Promise.all(ssvOperatorIds(4).map(makeSsvOperator));

/** Any number of operators, with those four's keys. */
const operatorsOf = (ids: readonly number[]): SsvOperator[] =>
  ids.map((id, position) => ({...(ssvOperators[position % 4] as SsvOperator), id}));

export type TestSsvCluster = {validators: DealtValidator[]; file: Keyshares; definition(): Promise<ClusterDefinition>};

/** A cluster of 4 operators, 3 of whom can sign, and its keyshares file. */
export function anSsvCluster({
  validators: count = 2,
  ids = ssvOperatorIds(4),
  threshold = ssvThresholds.get(ids.length) ?? 3,
  owner = {address: "0xDCc846fA10C7CfCE9e6Eb37e06eD93b666cFC5E9", nonce: 0},
} = {}): TestSsvCluster {
  const validators = Array.from({length: count}, () => dealAt(ids, threshold));
  const file = toKeyshares(validators, operatorsOf(ids), owner) as Keyshares;
  return {validators, file, definition: () => readSsvKeyshares(file, "a file", "hoodi")};
}
