import type {RequestedValidator} from "../../vaults/chainValidators.js";

/** Why the chain drops whatever is asked of a validator that is to exit or to pay out a part, or undefined. */
export function whyNotRequested(
  state: Pick<RequestedValidator, "status" | "activeEpochs"> | undefined,
  shardCommitteePeriod: number,
): string | undefined {
  if (!state) return "the chain does not have it yet";
  if (state.status !== "active_ongoing") return `on the chain it is ${state.status}`;
  const missing = shardCommitteePeriod - state.activeEpochs;
  if (missing <= 0) return undefined;
  return `it has been active for ${state.activeEpochs} epochs, and the chain wants ${shardCommitteePeriod}: ${missing} more`;
}
