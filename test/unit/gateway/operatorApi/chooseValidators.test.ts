import {describe, expect, it} from "vitest";
import type {Cluster} from "../../../../src/clusters/cluster.js";
import {toClusters} from "../../../../src/clusters/clusters.js";
import type {Caller} from "../../../../src/gateway/access/caller.js";
import type {Gateway} from "../../../../src/gateway/gateway.js";
import {
  chooseKeys,
  findCandidates,
  freeKeys,
  nextKeys,
  type WantedValidators,
} from "../../../../src/gateway/operatorApi/chooseValidators.js";
import type {Standing} from "../../../../src/gateway/operatorApi/readStanding.js";
import type {Reservation} from "../../../../src/store/reservations.js";
import type {VaultRules} from "../../../../src/vaults/vaultRules.js";
import {byIndex} from "../../../support/byIndex.js";
import {aDeposit, aVault} from "../../../support/stage.js";

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
      id: "in the order of the files, whatever withdrawal addresses these name",
      caller: as("op-1"),
      keys: ["first", "second", "third"],
    },
    {id: "of the clusters that its rules name", caller: as("op-1"), rules: {clusters: new Set(["a", "b"])}, keys: ["third"]},
    {id: "of the operator who asks", caller: as("op-2"), keys: ["third", "theirs"]},
    {id: "of an operator who has none", caller: as("op-2"), rules: {clusters: new Set(["z"])}, keys: []},
    {id: "of the first operator who has any", caller: anybody, rules: {clusters: new Set(["b"])}, keys: ["theirs"]},
  ])("are those $id", ({caller, rules, keys}) => {
    const {validators} = findCandidates(gatewayOf("op-1", "op-2"), caller, aRule(rules));
    expect(validators.map(({validator}) => validator.publicKeyHex)).toEqual(keys);
  });

  it.each([
    {id: "other operators only", gateway: gatewayOf("op-1"), caller: as("op-2")},
    {id: "nobody", gateway: gatewayOf(), caller: anybody},
  ])("are refused when the gateway speaks for $id", ({gateway, caller}) => {
    expect(() => findCandidates(gateway, caller, aRule())).toThrow(expect.objectContaining({code: "NOT_ALLOWED"}));
  });
});

const ether = (amount: number): number => amount * 1_000_000_000;
const keys = ["a", "b", "c", "d"];
const {vault} = aDeposit();
const aReservation = (publicKey: string, validatorIndex: number, change: Partial<Reservation["deposit"]> = {}): Reservation => ({
  publicKey,
  validatorIndex,
  deposit: {vault, amount: ether(40), validator_type: "0x02", ...change},
});
const reservedAs = (...reservations: Reservation[]) => new Map(reservations.map((it) => [it.publicKey, it]));
const wantedOf = (amounts: readonly number[], startIndex = 1000): WantedValidators => ({
  vault,
  validator_type: "0x02" as const,
  startIndex,
  amounts: amounts.map(ether),
});

type At = Parameters<typeof byIndex>[0];
/** By key, the indexes that it has its exit for, or was asked for. */
const standingOf = (ready: At = {}, asked: At = {}): Standing => ({ready: byIndex(ready), asked: byIndex(asked)});
const choose = (
  reserved: Map<string, Reservation>,
  wanted: WantedValidators,
  standing = standingOf(),
  from: readonly string[] = keys,
): Reservation[] => chooseKeys(nextKeys(from, reserved, wanted), reserved, {wanted, standing});

describe("which keys are chosen", () => {
  it("the first that nobody has, each at the next index with the next amount", () => {
    expect(choose(new Map(), wantedOf([40, 32, 64]))).toEqual([
      aReservation("a", 1000),
      aReservation("b", 1001, {amount: ether(32)}),
      aReservation("c", 1002, {amount: ether(64)}),
    ]);
  });

  it("none that is another vault's, or that was reserved with another type", () => {
    const reserved = reservedAs(
      aReservation("a", 1000, {vault: otherVault}),
      aReservation("b", 1000, {validator_type: "0x01", amount: ether(32)}),
      aReservation("c", 1000),
    );
    expect(freeKeys(keys, reserved, wantedOf([40]))).toEqual(["c", "d"]);
    expect(choose(reserved, wantedOf([40, 40, 40]))).toEqual([aReservation("c", 1000), aReservation("d", 1001)]);
  });
});

it.each([
  {id: "that is less than is asked for now, as it is", stored: ether(40), at: 1000, asked: 41, amount: ether(40)},
  {id: "that is asked for now, as it is", stored: ether(40), at: 1000, asked: 40, amount: ether(40)},
  {id: "that is more than is asked for now, no longer", stored: ether(40), at: 1000, asked: 39, amount: ether(39)},
  {id: "of another index, no longer", stored: ether(40), at: 999, asked: 41, amount: ether(41)},
])("keeps an amount $id", ({stored, at, asked, amount}) => {
  const reserved = reservedAs(aReservation("a", at, {amount: stored}));
  expect(choose(reserved, wantedOf([asked]))).toEqual([aReservation("a", 1000, {amount})]);
});

describe("after the next index moved", () => {
  const before = reservedAs(
    aReservation("a", 1000, {amount: ether(64)}),
    aReservation("b", 1001, {amount: ether(48)}),
    aReservation("c", 1002),
  );
  const ready = {a: [1000, 1003], b: [1001, 1004], c: [1002, 1005]};
  const moved = (amounts: readonly number[], startIndex: number, standing: Standing) =>
    choose(before, wantedOf(amounts, startIndex), standing);

  it("the keys take turns, and each keeps its amount", () => {
    expect(moved([64, 48, 41], 1001, standingOf(ready))).toEqual([
      aReservation("b", 1001, {amount: ether(48)}),
      aReservation("c", 1002),
      aReservation("a", 1003, {amount: ether(64)}),
    ]);
  });

  it("an exit that is on its way comes before one that is not", () => {
    const placed = moved([64, 48, 40], 1004, standingOf({b: [1005]}, {a: [1006], c: [1005]}));
    expect(placed.map(({publicKey, validatorIndex}) => [publicKey, validatorIndex])).toEqual([
      ["c", 1004],
      ["b", 1005],
      ["a", 1006],
    ]);
  });

  it.each([
    {id: "kept while no other validator could have the rest", asked: 95.9, amount: 64},
    {id: "that of now, if another validator could have the rest", asked: 96, amount: 96},
    {id: "that of now, if it is less", asked: 63, amount: 63},
  ])("an amount is $id", ({asked, amount}) => {
    const [first] = moved([asked], 1003, standingOf(ready));
    expect(first).toEqual(aReservation("a", 1003, {amount: ether(amount)}));
  });

  it("an amount is that of now, if the exit has to be signed too", () => {
    expect(moved([65], 1009, standingOf(ready))).toEqual([aReservation("a", 1009, {amount: ether(65)})]);
  });
});
