import {describe, expect, it} from "vitest";
import type {Cluster} from "../../../../src/clusters/cluster.js";
import {toClusters} from "../../../../src/clusters/clusters.js";
import type {Caller} from "../../../../src/gateway/access/caller.js";
import type {Gateway} from "../../../../src/gateway/gateway.js";
import {findValidators} from "../../../../src/gateway/operatorApi/findValidators.js";
import type {VaultRules} from "../../../../src/vaults/vaultRules.js";
import {aVault} from "../../../support/stage.js";

const otherVault = `0x${"b2".repeat(20)}`;
const aCluster = (id: string, operatorIds: string[], ...keys: string[]): Cluster => {
  const validators = keys.map((key) => [key, {publicKeyHex: key, withdrawalAddress: otherVault}]);
  return {id, operatorIds, validators: new Map(validators as [])} as unknown as Cluster;
};
const clusters = toClusters([
  aCluster("z", ["op-1"], "first", "second"),
  aCluster("a", ["op-1", "op-2"], "third"),
  aCluster("b", ["op-2"], "theirs"),
]);
const gatewayOf = (...operatorIds: string[]) =>
  ({clusters, operators: new Map(operatorIds.map((id) => [id, {}]))}) as unknown as Gateway;
const aRule = (change: Partial<VaultRules> = {}) =>
  ({vault: aVault, clusters: new Set(["z", "a", "b"]), ...change}) as VaultRules;
const anybody: Caller = {as: "anybody"};
const as = (operatorId: string): Caller => ({as: "operator", operatorId});

describe("the validators of a vault", () => {
  it.each([
    {
      id: "in the order of the files, wherever these say that they withdraw to",
      caller: as("op-1"),
      keys: ["first", "second", "third"],
    },
    {id: "of the clusters of its rules alone", caller: as("op-1"), rules: {clusters: new Set(["a", "b"])}, keys: ["third"]},
    {id: "of the operator who asks", caller: as("op-2"), keys: ["third", "theirs"]},
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
