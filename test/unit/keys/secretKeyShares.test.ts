import {describe, expect, it} from "vitest";
import {parseSignature, verifySignature} from "../../../src/bls/curve.js";
import {depositSigningRoot} from "../../../src/consensus/deposit.js";
import {networks} from "../../../src/consensus/networks.js";
import {voluntaryExitSigningRoot} from "../../../src/consensus/voluntaryExit.js";
import {toKeyShares} from "../../../src/keys/secretKeyShares.js";
import {fromHex, toHex} from "../../../src/runtime/hex.js";
import {aSecretKey} from "../../support/examples/keys.js";

const network = networks.gnosis;
const [secretKey, validator, stranger] = [aSecretKey("share"), aSecretKey("validator"), aSecretKey("stranger")];
const publicKey = toHex(validator.toPublicKey().toBytes());
const keyShares = toKeyShares(2, new Map([[publicKey, secretKey]]));
const message = {withdrawalCredentials: new Uint8Array(32).fill(1, 0, 1), amount: 32_000_000_000n};

describe("key shares in memory", () => {
  it("sign the exit of the validator's index", async () => {
    const signature = parseSignature(await keyShares.sign({network, publicKey, validatorIndex: 7}));
    expect(verifySignature(secretKey.toPublicKey(), voluntaryExitSigningRoot(network, 7), signature)).toBe(true);
  });

  it("sign the deposit of the validator's own key", async () => {
    const signature = parseSignature(await keyShares.signDeposit({network, publicKey, ...message}));
    const root = depositSigningRoot(network, {pubkey: fromHex(publicKey), ...message});
    expect(verifySignature(secretKey.toPublicKey(), root, signature)).toBe(true);
  });

  it("sign nothing of a validator that is not held", async () => {
    const other = toHex(stranger.toPublicKey().toBytes());
    await expect(keyShares.sign({network, publicKey: other, validatorIndex: 7})).rejects.toThrow();
    await expect(keyShares.signDeposit({network, publicKey: other, ...message})).rejects.toThrow();
  });
});
