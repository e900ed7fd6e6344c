import {describe, expect, it} from "vitest";
import {addSignatures, negateSignature, type Signature} from "../../../src/bls/curve.js";
import {networks} from "../../../src/consensus/networks.js";
import {voluntaryExitSigningRoot} from "../../../src/consensus/voluntaryExit.js";
import {dealValidator} from "../../../src/demo/makeCluster.js";
import {createTaking, type NewShare, verifyTogether} from "../../../src/gateway/taking.js";
import type {Bus} from "../../../src/messaging/connect.js";
import {toHex} from "../../../src/runtime/hex.js";

const network = networks.hoodi;
const dealt = [dealValidator(4, 3), dealValidator(4, 3)];

function aShare(of: number, shareIndex: number, signature?: Signature): NewShare {
  const secret = dealt[of]?.secretShares[shareIndex - 1];
  if (!secret) throw new Error("no such share");
  const root = voluntaryExitSigningRoot(network, 1000 + of);
  const signed = signature ?? secret.sign(root);
  return {
    exit: {
      network,
      publicKey: toHex(dealt[of]?.secretKey.toPublicKey().toBytes() ?? new Uint8Array()),
      validatorIndex: 1000 + of,
    },
    ...{clusterId: "c1", shareIndex, bus: {} as Bus, publicKeyShare: secret.toPublicKey(), root},
    ...{bytes: signed.toBytes(), signature: signed},
  };
}

describe("shares that are verified together", () => {
  it("are good or bad each by itself", async () => {
    const foreign = aShare(0, 2, aShare(0, 3).signature);
    const shares = [aShare(0, 1), foreign, aShare(1, 1), aShare(0, 4)];
    expect(await verifyTogether(shares)).toEqual([true, false, true, true]);
  });

  it("do not pass when two bad ones cancel out", async () => {
    const [one, two] = [aShare(0, 1).signature, aShare(0, 2).signature];
    const error = aShare(1, 3).signature;
    const shares = [aShare(0, 1, addSignatures(one, error)), aShare(0, 2, addSignatures(two, negateSignature(error)))];
    expect(await verifyTogether(shares)).toEqual([false, false]);
  });
});

describe("taking shares", () => {
  it("publishes the good ones", async () => {
    const published: NewShare[] = [];
    const take = createTaking(async (share) => void published.push(share));
    const [good, bad] = [aShare(0, 1), aShare(0, 2, aShare(1, 2).signature)];
    expect(await Promise.all([take(good), take(bad)])).toEqual([true, false]);
    expect(published).toEqual([good]);
  });

  it("does once what is posted again while it is under way, and again what failed", async () => {
    let tries = 0;
    const take = createTaking(async () => {
      tries++;
      if (tries === 1) throw new Error("away");
    });
    await Promise.all([aShare(0, 1), aShare(0, 1)].map((share) => expect(take(share)).rejects.toThrow("away")));
    expect(await take(aShare(0, 1))).toBe(true);
    expect(tries).toBe(2);
  });
});
