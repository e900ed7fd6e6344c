import {expect, it} from "vitest";
import {findCandidates} from "../../../../../src/cli/operator/vault/findCandidates.js";
import type {Validator} from "../../../../../src/clusters/cluster.js";

const aCluster = (id: string, operatorIds: string[], ...keys: string[]) => ({
  id,
  operatorIds,
  validators: new Map(keys.map((key) => [key, {} as Validator])),
});
const clusters = [
  aCluster("alpha", ["acme", "other"], "0xa2", "0xa1"),
  aCluster("beta", ["acme"], "0xb1"),
  aCluster("gamma", ["other"], "0xc1"),
  aCluster("delta", ["acme"], "0xd1"),
];
const find = (listedKeys?: string[]) =>
  findCandidates(clusters, {operatorId: "acme", rules: {clusters: new Set(["alpha", "beta", "gamma"])}, listedKeys});

it("finds the keys of clusters that list the operator and that the rules name, in the order of the definitions", () => {
  expect(find()).toEqual(["0xa2", "0xa1", "0xb1"]);
});

it("takes those of a deposit data file in its order, and no key that only the file has", () => {
  expect(find(["0xb1", "0xee", "0xc1", "0xd1", "0xa1"])).toEqual(["0xb1", "0xa1"]);
});

it("finds the keys of all clusters that list the operator where no rules are asked", () => {
  expect(findCandidates(clusters, {operatorId: "acme"})).toEqual(["0xa2", "0xa1", "0xb1", "0xd1"]);
});
