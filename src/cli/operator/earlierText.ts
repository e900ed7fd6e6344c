import type {VaultRequest} from "../../execution/vaultRequest.js";
import type {EarlierStep} from "../../registration/settleOperation.js";
import {stakeText} from "./stakeText.js";
import {transactionText} from "./transactionText.js";

/** What is found out about what an earlier command sent, for people. */
export function earlierText(step: EarlierStep, unit: string): string {
  const {hash = ""} = step as {hash?: string};
  switch (step.step) {
    case "following":
      return `following transaction ${hash} of an earlier command`;
    case "done":
      return step.request
        ? [`an earlier command has done this, by ${hash}:`, ...requestLines(step.request, unit).map((line) => `  ${line}`)].join(
            "\n",
          )
        : `the earlier command did nothing: its nonce went to ${hash}`;
    case "void":
      return `the earlier command did nothing, and ${hash} can do nothing any more: the vault accepted another signature of its manager`;
    case "stuck":
      return step.isOurs
        ? `no block takes ${hash} of the earlier command: what is sent next takes its nonce`
        : `no block takes ${hash} of the earlier command, which another wallet sent: the vault accepts only one of it and what is sent next`;
    case "unknown":
      return `the wallet sent something else in place of ${hash} of an earlier command, and the vault accepted a signature of its manager`;
    default:
      return `the earlier command: ${transactionText(step)}`;
  }
}

/** What a vault is asked for, a line for each validator. */
export const requestLines = ({kind, validators}: Pick<VaultRequest, "kind" | "validators">, unit: string): string[] =>
  validators.map(({publicKey, asked}) => {
    if (kind === "consolidate") return publicKey === asked ? `${publicKey} becomes 0x02` : `${publicKey} ends, into ${asked}`;
    if (kind === "withdraw" && asked === 0) return `${publicKey} all of it: the validator exits`;
    return `${publicKey} ${kind === "fund" ? "+" : ""}${stakeText(asked as number, unit)}`;
  });
