import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {parsePublicKey, parseSignature, type Signature, verifySignature} from "../../../src/bls/curve.js";
import {recoverSignature} from "../../../src/bls/threshold.js";
import {areShardsOf} from "../../../src/exits/checkShards.js";
import {blind, randomCoefficients, type Shard, splitExit} from "../../../src/exits/splitExit.js";
import {fromHex, toHex} from "../../../src/runtime/hex.js";
import {aSecretKey, idsUpTo, scalars, subsets} from "../../support/examples/keys.js";
import {vector} from "../../support/files.js";

type OracleSplit = {
  threshold: number;
  signing_root: string;
  public_key: string;
  signature: string;
  coefficients: string[];
  shards: {x: number; public_key: string; signature: string}[];
};
const split = vector<OracleSplit>("oracle-split.json");
const root = fromHex(split.signing_root);
const publicKey = parsePublicKey(fromHex(split.public_key));
const exit = {signature: parseSignature(fromHex(split.signature)), publicKey};
const shards = splitExit(exit, split.shards.length, blind(root, split.coefficients.map(BigInt)));

describe("splitExit", () => {
  it("computes StakeWise's shards from StakeWise's coefficients", () => {
    const made = shards.map((shard, position) => ({
      x: position + 1,
      public_key: toHex(shard.publicKey.toBytes()),
      signature: toHex(shard.signature.toBytes()),
    }));
    expect(made).toEqual(split.shards);
  });

  it("makes shards that each verify under their own key", () => {
    expect(shards.map((shard) => verifySignature(shard.publicKey, root, shard.signature))).not.toContain(false);
  });

  it("makes shards of which any threshold recover the exit", () => {
    const numbered = shards.map(({signature}, position): [number, Signature] => [position + 1, signature]);
    // Every tenth of the 462 choices, to save time.
    const choices = subsets(numbered, split.threshold).filter((_, position) => position % 10 === 1);
    expect(new Set(choices.flatMap((some) => some.map(([id]) => id))).size).toBe(11);
    const recovered = choices.map((some) => toHex(recoverSignature(new Map(some)).toBytes()));
    expect(new Set(recovered)).toEqual(new Set([split.signature]));
  });

  it("makes shards of which one less than the threshold do not recover the exit", () => {
    const some = shards.slice(1, split.threshold).map(({signature}, position) => [position + 2, signature] as const);
    expect(verifySignature(publicKey, root, recoverSignature(new Map(some)))).toBe(false);
  });

  it("returns the exit itself for a single oracle with threshold 1", () => {
    const [only] = splitExit(exit, 1, blind(root, randomCoefficients(1)));
    expect(only && toHex(only.signature.toBytes())).toBe(split.signature);
    expect(only && toHex(only.publicKey.toBytes())).toBe(split.public_key);
  });

  it("makes shards for any number of oracles and any threshold, which verify, fit together and recover the exit", () => {
    const aSplit = fc.integer({min: 1, max: 16}).chain((count) =>
      fc.integer({min: 1, max: count}).chain((threshold) =>
        fc.record({
          count: fc.constant(count),
          threshold: fc.constant(threshold),
          seed: fc.nat(),
          some: fc.shuffledSubarray(idsUpTo(count), {minLength: threshold, maxLength: threshold}),
        }),
      ),
    );
    fc.assert(
      fc.property(aSplit, ({count, threshold, seed, some}) => {
        const made = splitExit(exit, count, blind(root, scalars(threshold - 1, `split ${seed}`)));
        expect(made).toHaveLength(count);
        expect(made.map((shard) => verifySignature(shard.publicKey, root, shard.signature))).not.toContain(false);
        const signatures = some.map((id): [number, Signature] => [id, (made[id - 1] as Shard).signature]);
        expect(toHex(recoverSignature(new Map(signatures)).toBytes())).toBe(split.signature);
        const keys = made.map((shard) => shard.publicKey.toBytes());
        expect(areShardsOf(publicKey, keys, threshold)).toBe(true);
        expect(areShardsOf(publicKey, keys, threshold + 1)).toBe(false);
        if (threshold > 1) expect(areShardsOf(publicKey, keys, threshold - 1)).toBe(false);
      }),
      {seed: 3, numRuns: 40},
    );
  });

  it("splits differently every time, with coefficients of its own", () => {
    const once = splitExit(exit, 3, blind(root, randomCoefficients(2))).map((shard) => toHex(shard.signature.toBytes()));
    const again = splitExit(exit, 3, blind(root, randomCoefficients(2))).map((shard) => toHex(shard.signature.toBytes()));
    expect(new Set([...once, ...again]).size).toBe(6);
    expect(randomCoefficients(6)).toHaveLength(5);
  });
});

describe("areShardsOf", () => {
  const keys = shards.map((shard) => shard.publicKey.toBytes());
  const holds = (publicKeyShards: readonly Uint8Array[], threshold = split.threshold): boolean =>
    areShardsOf(publicKey, publicKeyShards, threshold);

  it("holds for what was split", () => {
    expect(holds(keys)).toBe(true);
    expect(holds(splitExit(exit, 11, blind(root, randomCoefficients(6))).map((shard) => shard.publicKey.toBytes()))).toBe(true);
  });

  it.each(keys.map((_, position) => ({id: position + 1, position})))("does not when only shard $id is another", ({position}) => {
    expect(holds(keys.with(position, aSecretKey().toPublicKey().toBytes()))).toBe(false);
  });

  it.each([
    {id: "they are of another validator", holds: () => areShardsOf(aSecretKey().toPublicKey(), keys, split.threshold)},
    {id: "two are swapped", holds: () => holds([keys[1], keys[0], ...keys.slice(2)] as Uint8Array[])},
    {id: "fewer than the threshold would recover with them", holds: () => holds(keys, split.threshold - 1)},
    {id: "a higher threshold is given than they have", holds: () => holds(keys, split.threshold + 1)},
    {
      id: "every one is the validator's own key, and every shard the exit",
      holds: () => holds(keys.map(() => publicKey.toBytes())),
    },
    {id: "there are fewer than the threshold", holds: () => holds(keys.slice(0, split.threshold - 1))},
    {id: "there are none", holds: () => holds([])},
    {id: "one is not a point", holds: () => holds(keys.with(10, new Uint8Array(48)))},
    {id: "one is infinity", holds: () => holds(keys.with(10, new Uint8Array(48).fill(0xc0, 0, 1)))},
    {id: "one is cut short", holds: () => holds(keys.with(10, (keys[10] as Uint8Array).subarray(1)))},
  ])("does not when $id", ({holds}) => {
    expect(holds()).toBe(false);
  });
});
