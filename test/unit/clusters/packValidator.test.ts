import {describe, expect, it} from "vitest";
import type {Validator} from "../../../src/clusters/cluster.js";
import {packValidator} from "../../../src/clusters/packValidator.js";
import {toHex} from "../../../src/runtime/hex.js";
import {aCluster} from "../../support/examples/cluster.js";
import {aSecretKey, deal, scalars} from "../../support/examples/keys.js";
import {anSsvCluster} from "../../support/examples/ssvCluster.js";

describe("packValidator", () => {
  const {publicKey, publicKeyShares} = deal(scalars(3), [7, 2, 900, 4]);
  const publicKeyHex = toHex(publicKey.toBytes());
  const packed = packValidator({publicKeyHex, publicKey, publicKeyShares});
  const hexOf = (shares: Iterable<[number, Validator["publicKey"]]>) =>
    [...shares].map(([index, it]) => [index, toHex(it.toBytes())]);

  it("gives the same key and shares, in the same order", () => {
    const {publicKeyShares: shares} = packed;
    expect(toHex(packed.publicKey.toBytes())).toBe(publicKeyHex);
    expect(hexOf(shares)).toEqual(hexOf(publicKeyShares));
    expect(hexOf([...shares.keys()].map((index) => [index, shares.get(index) as Validator["publicKey"]]))).toEqual(
      hexOf(publicKeyShares),
    );
    expect([...shares.values()].map((it) => toHex(it.toBytes()))).toEqual(hexOf(publicKeyShares).map(([, hex]) => hex));
    expect({size: shares.size, has: shares.has(900)}).toEqual({size: 4, has: true});
  });

  it.each([0, 1, 3, 96, -1, 7.5])("has no share at %s", (index) => {
    expect(packed.publicKeyShares.get(index)).toBeUndefined();
    expect(packed.publicKeyShares.has(index)).toBe(false);
  });

  it.each([
    {id: "none", others: {}},
    {id: "SSV's", others: {encryptedKeyShares: new Map([[7, new Uint8Array(256)]])}},
    {id: "an address", others: {withdrawalAddress: `0x${"11".repeat(20)}`}},
  ])("keeps the other fields: $id", ({others}) => {
    const {
      publicKey: _,
      publicKeyShares: __,
      ...kept
    } = {...packValidator({publicKeyHex, publicKey, publicKeyShares, ...others})};
    expect(kept).toStrictEqual({publicKeyHex, ...others});
  });
});

describe("a definition that was read", () => {
  const Point = aSecretKey().toPublicKey().constructor;

  /** Everything that is reachable from the value, without calling a getter. */
  function reach(value: unknown, reached = new Set<object>()): ReadonlySet<object> {
    if (typeof value !== "object" || value === null || reached.has(value)) return reached;
    reached.add(value);
    if (value instanceof Uint8Array) return reach(value.buffer, reached);
    for (const part of value instanceof Map ? [...value].flat() : Object.values(value)) reach(part, reached);
    return reached;
  }
  const bytesIn = (reached: ReadonlySet<object>): number =>
    [...reached].reduce((sum, it) => sum + (it instanceof ArrayBuffer ? it.byteLength : 0), 0);
  const points = 96 * 5;

  it.each([
    {id: "OBOL", read: async () => aCluster({validators: 3}).definition, bytes: points},
    {id: "SSV", read: () => anSsvCluster({validators: 3}).definition(), bytes: points + 96 + 4 * (48 + 256)},
  ])("holds no parsed point, and the bytes of each validator once: $id", async ({read, bytes}) => {
    const {validators} = await read();
    const reached = reach(validators);
    expect([...reached].filter((it) => it instanceof Point)).toEqual([]);
    expect(bytesIn(reached)).toBe(3 * bytes);
    // Nor does a read leave one behind.
    for (const validator of validators.values()) {
      expect(validator.publicKey).toBeInstanceOf(Point);
      expect([...validator.publicKeyShares.values(), validator.publicKeyShares.get(1)]).toHaveLength(5);
    }
    expect([...reach(validators)]).toHaveLength(reached.size);
  });

  it("would be seen to hold one", () => {
    const {publicKey} = deal(scalars(3), [1]);
    expect([...reach(new Map([["key", {publicKeyShares: new Map([[1, publicKey]])}]]))]).toContain(publicKey);
  });
});
