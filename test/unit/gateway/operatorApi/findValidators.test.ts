import {describe, expect, it} from "vitest";
import type {Cluster} from "../../../../src/clusters/cluster.js";
import {toClusters} from "../../../../src/clusters/clusters.js";
import type {Caller} from "../../../../src/gateway/access/caller.js";
import type {Gateway} from "../../../../src/gateway/gateway.js";
import {findValidators} from "../../../../src/gateway/operatorApi/findValidators.js";
import type {VaultRules} from "../../../../src/vaults/vaultRules.js";
import {aVault} from "../../../support/stage.js";

const zeroAddress = `0x${"00".repeat(20)}`;
const otherVault = `0x${"b2".repeat(20)}`;
const aCluster = (id: string, operatorIds: string[], withdrawalAddresses: Record<string, string | undefined>): Cluster => {
  const validators = Object.entries(withdrawalAddresses).map(([key, address]) => [
    key,
    {publicKeyHex: key, ...(address && {withdrawalAddress: address})},
  ]);
  return {id, operatorIds, validators: new Map(validators as [])} as unknown as Cluster;
};
const clusters = toClusters([
  aCluster("z", ["op-1"], {unknown: undefined, other: otherVault, zero: zeroAddress, own: aVault}),
  aCluster("a", ["op-1", "op-2"], {second: aVault}),
  aCluster("b", ["op-2"], {theirs: aVault}),
]);
const gatewayOf = (...operatorIds: string[]) =>
  ({clusters, operators: new Map(operatorIds.map((id) => [id, {}]))}) as unknown as Gateway;
const aRule = (change: Partial<VaultRules> = {}) => ({vault: aVault, clusters: undefined, ...change}) as VaultRules;
const anybody: Caller = {as: "anybody"};
const as = (operatorId: string): Caller => ({as: "operator", operatorId});

describe("the validators of a vault", () => {
  it.each([
    {
      id: "in the order of the files, none that withdraws elsewhere",
      caller: as("op-1"),
      keys: ["unknown", "zero", "own", "second"],
    },
    {id: "of the clusters of its rules alone", caller: as("op-1"), rules: {clusters: new Set(["a", "b"])}, keys: ["second"]},
    {
      id: "wherever it withdraws to, where its rules name the cluster",
      caller: as("op-1"),
      rules: {vault: otherVault, clusters: new Set(["a"])},
      keys: ["second"],
    },
    {id: "of the operator who asks", caller: as("op-2"), keys: ["second", "theirs"]},
    {id: "of an operator who has none", caller: as("op-2"), rules: {clusters: new Set(["z"])}, keys: []},
    {id: "of the first operator who has any", caller: anybody, rules: {clusters: new Set(["b"])}, keys: ["theirs"]},
  ])("are those $id", ({caller, rules, keys}) => {
    const {places} = findValidators(gatewayOf("op-1", "op-2"), caller, aRule(rules));
    expect(places.map(({validator}) => validator.publicKeyHex)).toEqual(keys);
  });

  it.each([
    {id: "an operator whose nkey it has not", gateway: gatewayOf("op-1"), caller: as("op-2")},
    {id: "nobody", gateway: gatewayOf(), caller: anybody},
  ])("are refused where the gateway speaks for $id", ({gateway, caller}) => {
    expect(() => findValidators(gateway, caller, aRule())).toThrow(expect.objectContaining({code: "NOT_ALLOWED"}));
  });
});
