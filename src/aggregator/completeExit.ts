import type {OraclesExitSignatureShares} from "../../schemas/exitCompletion.js";
import {parseSignature, type Signature, verifySignature} from "../bls/curve.js";
import type {Validator} from "../clusters/cluster.js";
import {encrypt} from "../ecies/ecies.js";
import {resultBytes} from "../exits/completion.js";
import {type ExitId, exitKeyOf} from "../exits/exitId.js";
import {recoverExit} from "../exits/recoverExit.js";
import {randomCoefficients, splitExit} from "../exits/splitExit.js";
import type {OracleSet} from "../oracles/oracleSet.js";
import {toHex} from "../runtime/hex.js";
import type {Aggregator} from "./aggregator.js";
import {openShare} from "./openShare.js";
import {publishResult} from "./publishResult.js";

export type Collectable = {exit: ExitId; validator: Validator; threshold: number; root: Uint8Array};

/**
 * Recovers the exit, verifies it under the validator's key, splits it, encrypts each shard to its oracle, writes that once and
 * publishes what then stands. The exit's signature exists in this function only.
 */
export async function completeExit(
  aggregator: Aggregator,
  collectable: Collectable,
  encryptedShares: ReadonlyMap<number, Uint8Array>,
): Promise<string> {
  const {exit, validator, threshold, root} = collectable;
  const {publicKey} = validator;
  const {oracleSet, exits, logger} = aggregator;
  const held = openShares(aggregator, encryptedShares);
  const signature =
    recoverExit(held, {threshold, publicKey, root}) ??
    recoverExit(await dropChanged(aggregator, collectable, encryptedShares, held), {threshold, publicKey, root});
  if (!signature) return "collecting";
  const shares = toShares({signature, publicKey, root}, oracleSet);
  const proof = aggregator.bus.identity.sign(resultBytes(exit, oracleSet.configHash, shares));
  const result = {...shares, aggregator_signature: Buffer.from(proof).toString("base64")};
  const standing = await exits.writeResult(exit, oracleSet.configHash, result, Date.now());
  logger.info({exit: exitKeyOf(exit), share_indexes: [...held.keys()]}, "exit completed");
  await publishResult(aggregator, exit, oracleSet.configHash, standing);
  return "completed";
}

/** They were verified before they were stored; what cannot even be read now is left out. */
function openShares({privateKeys}: Aggregator, encryptedShares: ReadonlyMap<number, Uint8Array>): Map<number, Signature> {
  const shares = new Map<number, Signature>();
  for (const [shareIndex, ciphertext] of encryptedShares) {
    try {
      shares.set(shareIndex, openShare(privateKeys, ciphertext, parseSignature));
    } catch {
      // Named and dropped below, when too few are left to recover the exit.
    }
  }
  return shares;
}

/** A good share makes a good exit. Where none came out, somebody changed what is stored: that is dropped, and named. */
async function dropChanged(
  {exits, logger}: Aggregator,
  {exit, validator, root}: Collectable,
  encryptedShares: ReadonlyMap<number, Uint8Array>,
  held: ReadonlyMap<number, Signature>,
): Promise<Map<number, Signature>> {
  const good = new Map<number, Signature>();
  for (const [shareIndex, ciphertext] of encryptedShares) {
    const signature = held.get(shareIndex);
    const publicKeyShare = validator.publicKeyShares.get(shareIndex);
    if (signature && publicKeyShare && verifySignature(publicKeyShare, root, signature)) good.set(shareIndex, signature);
    else {
      logger.error({exit: exitKeyOf(exit), share_index: shareIndex}, "stored share is not what was stored, dropped");
      await exits.removeShare(exit, shareIndex, ciphertext);
    }
  }
  return good;
}

function toShares(exit: Parameters<typeof splitExit>[0], {publicKeys, threshold}: OracleSet): OraclesExitSignatureShares {
  const shards = splitExit(exit, publicKeys.length, randomCoefficients(threshold));
  return {
    public_keys: shards.map(({publicKey}) => toHex(publicKey.toBytes())),
    encrypted_exit_signatures: shards.map(({signature}, position) => {
      const plaintext = signature.toBytes();
      const ciphertext = encrypt(publicKeys[position] as Uint8Array, plaintext);
      plaintext.fill(0);
      return toHex(ciphertext);
    }),
  };
}
