import type {PublicKey} from "../../bls/curve.js";
import {type DepositId, depositKeyOf, depositRootOf} from "../../exits/depositId.js";
import {verifyShare} from "../../exits/recoverExit.js";
import {fromHex} from "../../runtime/hex.js";
import type {Logger} from "../../runtime/logger.js";
import {yieldToEventLoop} from "../../runtime/yieldToEventLoop.js";

/** Which deposit signatures were verified already. About 400 bytes each. */
export type DepositSignatures = ReturnType<typeof createDepositSignatures>;

export function createDepositSignatures(logger: Logger) {
  const checks = new Map<string, Promise<boolean>>();

  const check = async (id: DepositId, publicKey: PublicKey, signature: string): Promise<boolean> => {
    await yieldToEventLoop();
    if (verifyShare(publicKey, depositRootOf(id), fromHex(signature))) return true;
    logger.error({deposit: depositKeyOf(id)}, "stored signature is not served");
    return false;
  };

  return {
    /** Whether it is the validator's signature of this very deposit: checked once, as `dvt operator request` checks it. */
    isGood(id: DepositId, publicKey: PublicKey, signature: string): Promise<boolean> {
      const key = `${depositKeyOf(id)}:${signature}`;
      const known = checks.get(key) ?? check(id, publicKey, signature);
      checks.set(key, known);
      return known;
    },
  };
}
