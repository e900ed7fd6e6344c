import type {PublicKey} from "../../bls/curve.js";
import {type DepositId, depositKeyOf, depositRootOf} from "../../exits/depositId.js";
import {verifyShare} from "../../exits/recoverExit.js";
import {fromHex} from "../../runtime/hex.js";
import {yieldToEventLoop} from "../../runtime/yieldToEventLoop.js";
import type {PollLogs} from "./pollLogs.js";

/** Which deposit signatures were verified already. */
export type DepositSignatures = ReturnType<typeof createDepositSignatures>;

/** About 400 bytes each. Each amount of a key is another deposit. */
const most = 100_000;

export function createDepositSignatures({signaturesNotServed}: Pick<PollLogs, "signaturesNotServed">, {mostKnown = most} = {}) {
  const checks = new Map<string, Promise<boolean>>();

  const check = async (id: DepositId, publicKey: PublicKey, signature: string): Promise<boolean> => {
    await yieldToEventLoop();
    return verifyShare(publicKey, depositRootOf(id), fromHex(signature)) !== undefined;
  };

  return {
    /** Whether it is the validator's signature of this very deposit: checked once, as `dvt operator request` checks it. */
    async isGood(id: DepositId, publicKey: PublicKey, signature: string): Promise<boolean> {
      const deposit = depositKeyOf(id);
      const key = `${deposit}:${signature}`;
      const known = checks.get(key) ?? check(id, publicKey, signature);
      if (checks.size >= mostKnown && !checks.has(key)) checks.clear();
      checks.set(key, known);
      const isGood = await known;
      if (isGood) signaturesNotServed.settled(deposit);
      else signaturesNotServed.waits(deposit, {code: "STORED_INVALID"}, "it is not the validator's signature of this deposit");
      return isGood;
    },
  };
}
