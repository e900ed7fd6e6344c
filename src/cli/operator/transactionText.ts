import type {TooDear} from "../../execution/tooDear.js";
import type {TransactionStep} from "../../execution/transactionSteps.js";
import {decimalText} from "../../runtime/decimalText.js";
import {printable} from "../../runtime/printable.js";

const readableWei = 1_000_000n;

/** "1.5 gwei", or "1 wei" of what would be a millionth of that. */
export const feeText = (wei: bigint): string =>
  wei > 0n && wei < readableWei ? `${wei} wei` : `${decimalText(wei / 10_000n, 5)} gwei`;

/** Why nothing is sent. */
export const feesText = ({maxFeePerGas, limit, isOfReplacing = false}: TooDear): string =>
  isOfReplacing
    ? `taking the place of the wallet's pending transaction costs ${feeText(maxFeePerGas)}, not below MAX_FEE_PER_GAS, ${feeText(limit)}: wait until a block takes that one, or raise the limit`
    : `gas costs ${feeText(maxFeePerGas)} with room for two blocks, not below MAX_FEE_PER_GAS, ${feeText(limit)}`;

/** What a step of a transaction says to people. */
export function transactionText(step: TransactionStep): string {
  switch (step.step) {
    case "sent":
      return `transaction ${step.hash} sent${step.replaces ? ", in place of an earlier one" : ""}`;
    case "included":
      return `in block ${step.block.number}, ${step.gasUsed} gas`;
    case "reorganised":
      return "the chain was reorganised, and its block is gone: following the transaction";
    case "failed":
      return `transaction ${step.hash} is in block ${step.block.number} and did nothing: somebody was faster`;
    case "nonce taken":
      return `the wallet sent another transaction with nonce ${step.nonce}`;
    case "fees":
      return `not sent again for more: ${feesText(step)}`;
    case "underpriced":
      return `nodes have another transaction of the wallet with nonce ${step.nonce}, which pays more: offering an eighth more each time, below MAX_FEE_PER_GAS; or wait until a block takes that one`;
    case "unavailable":
      return `following the transaction: ${printable(step.error)}`;
  }
}
