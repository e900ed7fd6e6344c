import {createRequire} from "node:module";
import {SecretKey} from "@chainsafe/bls/blst-native";
import mcl from "bls-eth-wasm";
import {describe, expect, it, onTestFinished, vi} from "vitest";
import {writeOwn} from "../../../src/bls/curve.js";
import {recoverSignature} from "../../../src/bls/threshold.js";
import {generatePrivateKey, publicKeyOf} from "../../../src/ecies/keys.js";
import {splitForOracles} from "../../../src/exits/splitForOracles.js";
import {dealValidator} from "../../../src/sandbox/makeCluster.js";

const secp256k1 = createRequire(import.meta.url)("secp256k1/bindings");

/** How often each function was called; they work as usual. */
function count(...functions: readonly [object, string][]): () => number[] {
  const spies = functions.map(([holder, name]) => vi.spyOn(holder as Record<string, () => unknown>, name));
  onTestFinished(() => {
    for (const spy of spies) spy.mockRestore();
  });
  return () => spies.map((spy) => spy.mock.calls.length);
}

const root = new Uint8Array(32).fill(7);

/** Multiplications of points by scalars cost most; they are counted, because times vary with the machine. */
describe("an exit's multiplications", () => {
  it.each([
    {threshold: 6, count: 11},
    {threshold: 3, count: 4},
    {threshold: 1, count: 1},
  ])(
    "split for $threshold of $count: of each exit one less than the threshold on each curve, and of all together one for each oracle",
    (oracles) => {
      const {secretKey} = dealValidator(4, 3);
      const exit = () => ({signature: writeOwn(secretKey.sign(root)), publicKey: writeOwn(secretKey.toPublicKey()), root});
      const splitting = {
        exits: [exit(), exit(), exit()],
        oracleKeys: Array.from({length: oracles.count}, () => publicKeyOf(generatePrivateKey())),
        threshold: oracles.threshold,
      };
      const counts = count(
        [SecretKey.prototype, "sign"],
        [SecretKey.prototype, "toPublicKey"],
        [secp256k1, "ecdh"],
        [secp256k1, "publicKeyCreate"],
      );
      splitForOracles(splitting);
      const coefficients = oracles.threshold - 1;
      expect(counts()).toEqual([3 * coefficients, 3 * coefficients, oracles.count, 1]);
    },
  );

  it.each([
    {signers: 4, threshold: 3},
    {signers: 7, threshold: 5},
    {signers: 10, threshold: 7},
    {signers: 13, threshold: 9},
  ])("recovered from the first $threshold of $signers: none", ({signers, threshold}) => {
    const {secretKey, secretShares} = dealValidator(signers, threshold);
    const shares = new Map(secretShares.slice(0, threshold).map((share, position) => [position + 1, share.sign(root)]));
    const counts = count([mcl.Signature.prototype, "recover"]);
    expect(recoverSignature(shares).toBytes()).toEqual(secretKey.sign(root).toBytes());
    expect(counts()).toEqual([0]);
  });
});
