import {describe, expect, it} from "vitest";
import {parseSecretKey} from "../../../src/bls/curve.js";
import type {ClusterDefinition} from "../../../src/clusters/cluster.js";
import {enrolmentSigningRoot} from "../../../src/consensus/enrolmentClaim.js";
import {networks} from "../../../src/consensus/networks.js";
import {voluntaryExitSigningRoot} from "../../../src/consensus/voluntaryExit.js";
import {codeOf} from "../../../src/enrolment/code.js";
import {isProven, type Proven, prove} from "../../../src/enrolment/proof.js";
import {toKeyShares} from "../../../src/keys/secretKeyShares.js";
import {createSeed, rawNkey} from "../../../src/messaging/identity.js";
import {fromHex, toHex} from "../../../src/runtime/hex.js";
import {isShortText} from "../../../src/runtime/shortText.js";
import {aCluster} from "../../support/examples/cluster.js";

/** The nkey of the Ed25519 seed of 32 bytes 7. */
const nkey = "UDVEU3DD4KOFECV66VIHWEZOYX4ZKR3WV27L464SIIPOU2IUI3JCYSJF";
const invitationId = "00112233445566778899aabbccddeeff";
const known: Proven = {
  network: "hoodi",
  definitionHash: toHex(Uint8Array.from({length: 32}, (_, byte) => byte)),
  shareIndex: 3,
  nkey,
  invitationId,
};

const {validators, definition} = aCluster();
const sharesOf = (shareIndex: number) =>
  toKeyShares(
    shareIndex,
    new Map(
      [...definition.validators.keys()].map((key, at) => [
        key,
        validators[at]?.secretShares[shareIndex - 1] ?? parseSecretKey(new Uint8Array(32).fill(1)),
      ]),
    ),
  );

describe("known answers", () => {
  // The root: SHA-256 over the leaves, by hand, with python's hashlib. Domain type 64767401, hoodi's genesis fork version 10000910.
  const root = "0x1bdebff97cb67625bd78e1c6cd32ecb0c36b9703d1f0462dd097f4a4d3c5b65e";
  // The signature: @noble/curves 1.9.7, longSignatures with BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_POP_, key 0102…20.
  const signature =
    "0xa5e08c28e0b0fbfac9b3846c06b91ddb553e9fa3dad05c12639f62f1d6fd11fdff430e9fdaa382119f6e970f312123921093d563ce9342c2ce8997e59129522e22f58b53966afd6bf122d2c5d81f8ad3b6f883989bc89b82f148f6428373c514";
  const secretKey = parseSecretKey(Uint8Array.from({length: 32}, (_, byte) => byte + 1));
  const publicKey = `0x${"ab".repeat(48)}`;

  it("of the 32 bytes that are signed", () => {
    const invitation = fromHex("5947d7c33d783f94b3b4c1a96ebc8991ed28f1b069b71e03376cba8caa98a720");
    const claim = {definitionHash: fromHex(known.definitionHash), shareIndex: 3, nkey: rawNkey(nkey), invitation};
    expect(toHex(enrolmentSigningRoot(networks.hoodi, claim))).toBe(root);
    expect(toHex(rawNkey(nkey))).toBe("0xea4a6c63e29c520abef5507b132ec5f9954776aebebe7b92421eea691446d22c");
  });

  it("of a proof, made here and made elsewhere", async () => {
    expect(await prove(toKeyShares(3, new Map([[publicKey, secretKey]])), known)).toEqual({public_key: publicKey, signature});
    const cluster = {
      validators: new Map([[publicKey, {publicKeyShares: new Map([[3, secretKey.toPublicKey()]])}]]),
    } as unknown as ClusterDefinition;
    expect(isProven(cluster, known, {public_key: publicKey, signature})).toBe(true);
    expect(toHex(secretKey.sign(fromHex(root)).toBytes())).toBe(signature);
  });

  it("of a code", () => {
    // base64.b32encode(hashlib.sha256(b"dvt.v2.enrolment_code\n" + id + b"\n" + nkey).digest())[:12]
    expect(codeOf(invitationId, nkey)).toBe("J4EA-EX6Y-4JU2");
  });
});

describe("a proof", () => {
  const proven: Proven = {...known, shareIndex: 1, definitionHash: definition.definitionId as string};

  it("holds for what it was made for", async () => {
    const proof = await prove(sharesOf(1), proven);
    expect(proof && isProven(definition, proven, proof)).toBe(true);
  });

  it.each<{id: string; other: Partial<Proven>}>([
    {id: "share index", other: {shareIndex: 2}},
    {id: "share index that the cluster does not have", other: {shareIndex: 9}},
    {id: "nkey", other: {nkey: createSeed().nkey}},
    {id: "invitation", other: {invitationId: "f".repeat(32)}},
    {id: "network", other: {network: "mainnet"}},
    {id: "cluster", other: {definitionHash: `0x${"cd".repeat(32)}`}},
  ])("holds for no other $id", async ({other}) => {
    const proof = await prove(sharesOf(1), proven);
    expect(proof && isProven(definition, {...proven, ...other}, proof)).toBe(false);
  });

  it("by another's key share holds for nobody", async () => {
    const proof = await prove(sharesOf(2), proven);
    expect(proof && isProven(definition, proven, proof)).toBe(false);
  });

  it.each([
    {id: "a validator of another cluster", public_key: `0x${"ab".repeat(48)}`},
    {id: "no point", signature: `0x${"00".repeat(96)}`},
    {id: "infinity", signature: `0xc0${"00".repeat(95)}`},
  ])("with $id does not hold, and nothing is thrown", async (changes) => {
    const proof = await prove(sharesOf(1), proven);
    expect(proof && isProven(definition, proven, {...proof, ...changes})).toBe(false);
  });

  it("is never the signature of an exit, whatever is claimed", async () => {
    const [publicKey] = [...definition.validators.keys()].sort() as [string];
    const exit = await sharesOf(1).sign({network: networks.hoodi, publicKey, validatorIndex: 5});
    expect(isProven(definition, proven, {public_key: publicKey, signature: toHex(exit)})).toBe(false);
    const proof = await prove(sharesOf(1), proven);
    expect(proof?.signature).not.toBe(toHex(exit));
    expect(toHex(voluntaryExitSigningRoot(networks.hoodi, 5))).not.toBe(
      toHex(
        enrolmentSigningRoot(networks.hoodi, {
          definitionHash: new Uint8Array(32),
          shareIndex: 5,
          nkey: new Uint8Array(32),
          invitation: new Uint8Array(32),
        }),
      ),
    );
  });

  it("is not made without a key share, and not by a remote signer", async () => {
    expect(await prove(toKeyShares(1, new Map()), proven)).toBeUndefined();
    const {prove: _, ...remote} = sharesOf(1);
    expect(await prove(remote, proven)).toBeUndefined();
  });
});

describe("a code that somebody types", () => {
  it.each(["J4EA-EX6Y-4JU2", "j4eaex6y4ju2", " J4EA EX6Y 4JU2 "])("is %s", (typed) => {
    expect(isShortText(typed, "J4EA-EX6Y-4JU2")).toBe(true);
  });
  it.each(["J4EA-EX6Y-4JU3", "J4EA-EX6Y", "", "J4EA-EX6Y-4JU2-A"])("is not %s", (typed) => {
    expect(isShortText(typed, "J4EA-EX6Y-4JU2")).toBe(false);
  });
});
