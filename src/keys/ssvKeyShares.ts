import type {SecretKey} from "../bls/curve.js";
import type {ClusterDefinition, Validator} from "../clusters/cluster.js";
import {DvtError} from "../errors.js";
import {toHex} from "../runtime/hex.js";
import {yieldToEventLoop} from "../runtime/yieldToEventLoop.js";
import {glanceOf} from "./keyShares.js";
import {toKeyShares} from "./secretKeyShares.js";
import {decryptKeyShare} from "./ssvDecrypt.js";
import {loadSsvOperatorKey, type SsvOperatorKey} from "./ssvOperatorKey.js";

/** The options for the key shares of an SSV operator. */
export type SsvKeySharesOptions = {
  /** Also the share index. */
  operatorId: number;
  operatorKeyFile: string;
  /** The password of encrypted_private_key.json. */
  passwordFile?: string | undefined;
  allowExposed?: boolean | undefined;
  onProgress?: ((opened: number, total: number) => void) | undefined;
};

type Problem = {readonly publicKey: string; readonly error: DvtError};

/**
 * An SSV operator's key shares, which the cluster definition holds encrypted to its RSA key. One that does not open
 * (KEY_SHARE_UNDECRYPTABLE, KEY_SHARE_FOREIGN) is a problem that does not affect the others. CONFIG_INVALID if the cluster has no
 * such operator. An opened key share is not decrypted again.
 */
export function createSsvKeyShares(options: SsvKeySharesOptions) {
  const {operatorId, operatorKeyFile: keyFile, passwordFile, allowExposed, onProgress} = options;
  let operatorKey: SsvOperatorKey | undefined;
  let known = new Map<string, SecretKey>();
  const openAll = async ({validators}: ClusterDefinition) => {
    operatorKey ??= await loadSsvOperatorKey({keyFile, passwordFile, allowExposed});
    const opened = new Map<string, SecretKey>();
    const held = new Map<string, SecretKey>();
    const problems: Problem[] = [];
    for (const validator of validators.values()) {
      const share = shareOf(validator, operatorId);
      const secretKey = known.get(share.publicKeyShare) ?? (await open(share, operatorKey));
      if (secretKey instanceof DvtError) {
        problems.push({publicKey: validator.publicKeyHex, error: secretKey});
      } else {
        opened.set(share.publicKeyShare, secretKey);
        held.set(validator.publicKeyHex, secretKey);
      }
      onProgress?.(held.size + problems.length, validators.size);
    }
    known = opened;
    return {keyShares: toKeyShares(operatorId, held), problems};
  };
  return {isStrict: false, open: openAll, glance: async (cluster: ClusterDefinition) => glanceOf(await openAll(cluster))};
}

type EncryptedShare = {of: string; publicKeyShare: string; encrypted: Uint8Array};

function shareOf({publicKeyHex, publicKeyShares, encryptedKeyShares}: Validator, operatorId: number): EncryptedShare {
  const of = `SSV operator ${operatorId} of validator ${publicKeyHex}`;
  const [publicKeyShare, encrypted] = [publicKeyShares.get(operatorId), encryptedKeyShares?.get(operatorId)];
  if (publicKeyShare && encrypted) return {of, publicKeyShare: toHex(publicKeyShare.toBytes()), encrypted};
  const problem = encryptedKeyShares
    ? `its operators are ${[...publicKeyShares.keys()].join(", ")}`
    : "it is not of an SSV cluster";
  throw new DvtError("CONFIG_INVALID", `find the share of ${of}: ${problem}`);
}

/** Takes a millisecond of the event loop. */
async function open(share: EncryptedShare, {key, path}: SsvOperatorKey): Promise<SecretKey | DvtError> {
  await yieldToEventLoop();
  const action = `open the share of ${share.of} with ${path}`;
  const secretKey = decryptKeyShare(key, share.encrypted);
  if (!secretKey) {
    return new DvtError(
      "KEY_SHARE_UNDECRYPTABLE",
      `${action}: it is not encrypted to this key, or does not hold a BLS secret key`,
    );
  }
  if (toHex(secretKey.toPublicKey().toBytes()) === share.publicKeyShare) return secretKey;
  return new DvtError("KEY_SHARE_FOREIGN", `${action}: its key does not match the operator's public key share`);
}
