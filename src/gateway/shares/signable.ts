import type {Answers} from "../../answers/createAnswers.js";
import {voluntaryExitSigningRoot} from "../../consensus/voluntaryExit.js";
import {depositKeyOf, depositRootOf} from "../../exits/depositId.js";
import {type DepositRules, whyNotDeposit} from "../../exits/depositRules.js";
import {exitKeyOf} from "../../exits/exitId.js";
import type {ExitProgress} from "../progress/readProgress.js";

/** What sidecars are asked to sign for a validator: its exit, or the deposit that goes with it. */
export type Signable = {
  readonly what: "exit" | "deposit";
  /** Tells it from every other. */
  readonly key: string;
  readonly isComplete: boolean;
  /** Share indexes that are held; none once it is complete. */
  readonly held: ReadonlySet<number>;
  /** The 32 bytes that are signed. */
  rootOf(): Uint8Array;
  /** Publishes a verified share of it, 96 bytes, as its sidecar. */
  publish(answers: Answers, signature: Uint8Array): Promise<void>;
};

/** Undefined when nobody waits for the exit any more. */
export function exitToSign({exit, head, result, held}: ExitProgress): Signable | undefined {
  if (!result && head.state === "expired") return undefined;
  return {
    what: "exit",
    key: exitKeyOf(exit),
    isComplete: result !== undefined,
    held,
    rootOf: () => voluntaryExitSigningRoot(exit.network, exit.validatorIndex),
    publish: (answers, signature) => answers.exitShares([{exit, signature}]),
  };
}

/** Undefined when no deposit was asked for with the exit, nobody waits for it any more, or the rules do not allow it. */
export function depositToSign({head, deposit}: ExitProgress, rules: DepositRules): Signable | undefined {
  if (!deposit || whyNotDeposit(rules, deposit.id)) return undefined;
  const {id, isExpired, signature, held} = deposit;
  if (!signature && (isExpired || head.state === "expired")) return undefined;
  return {
    what: "deposit",
    key: depositKeyOf(id),
    isComplete: signature !== undefined,
    held,
    rootOf: () => depositRootOf(id),
    publish: (answers, signature) => answers.depositShares([{id, signature}]),
  };
}

/** Whether nothing more is needed from the share index: it gave a good share, or enough others did. */
export const isSettled = ({isComplete, held}: Signable, shareIndex: number): boolean => isComplete || held.has(shareIndex);
