import {describe, expect, it} from "vitest";
import {definitionHash, ssvDefinitionHash} from "../../../src/clusters/definitionHash.js";
import {createTestCluster} from "../../support/stage.js";

const {cluster} = createTestCluster("c1", {validators: 2, size: 4});
const reversed = <K, V>(map: Iterable<[K, V]>): Map<K, V> => new Map([...map].reverse());

describe("definitionHash", () => {
  it("is the lock hash of a cluster lock", () => {
    const definitionId = `0x${"1a".repeat(32)}`;
    expect(definitionHash({...cluster, definitionId})).toBe(definitionId);
  });

  it("is the same for the same validators in whatever order", () => {
    const validators = reversed(
      [...cluster.validators].map(([key, it]) => [key, {...it, publicKeyShares: reversed(it.publicKeyShares)}] as const) as never,
    ) as typeof cluster.validators;
    expect(definitionHash({...cluster, validators})).toBe(definitionHash(cluster));
    expect(definitionHash(cluster)).toMatch(/^0x[0-9a-f]{64}$/);
  });

  const [[key, validator], [otherKey, other]] = [...cluster.validators] as [[string, never], [string, never]];
  it.each([
    {id: "another threshold", change: {threshold: 4}},
    {id: "another network", change: {network: "mainnet" as const}},
    {id: "another type", change: {type: "SSV" as const}},
    {id: "one validator fewer", change: {validators: new Map([[key, validator]])}},
    {
      id: "another's shares",
      change: {
        validators: new Map([
          [key, other],
          [otherKey, other],
        ]),
      },
    },
  ])("is another with $id", ({change}) => {
    expect(definitionHash({...cluster, ...change})).not.toBe(definitionHash(cluster));
  });
});

describe("ssvDefinitionHash", () => {
  const owner = `0x${"ab".repeat(20)}`;
  const hash = ssvDefinitionHash("hoodi", {ssvOperatorIds: [5, 123, 900, 1042], ssvOwners: [owner]});

  it("is the same in whatever order and case", () => {
    const ssvOwners = [`0x${"AB".repeat(20)}`];
    expect(ssvDefinitionHash("hoodi", {ssvOperatorIds: [1042, 5, 900, 123], ssvOwners})).toBe(hash);
  });

  it.each([
    {id: "of another network", network: "mainnet" as const, ids: [5, 123, 900, 1042], owners: [owner]},
    {id: "of another operator", network: "hoodi" as const, ids: [5, 123, 900, 1043], owners: [owner]},
    {id: "of another owner", network: "hoodi" as const, ids: [5, 123, 900, 1042], owners: [`0x${"ac".repeat(20)}`]},
  ])("is another $id", ({network, ids: ssvOperatorIds, owners: ssvOwners}) => {
    expect(ssvDefinitionHash(network, {ssvOperatorIds, ssvOwners})).not.toBe(hash);
  });

  it("is another for any owner", () => {
    expect(ssvDefinitionHash("hoodi", {ssvOperatorIds: [5, 123, 900, 1042]})).not.toBe(hash);
  });
});
