import {type ExitId, exitKeyOf} from "../exits/exitId.js";
import type {CompletionContext} from "./completionContext.js";

type Rejection = {readonly requestedAt: number; readonly code: string; readonly reason: string};

/** Takes the rejection of an exit or its deposit, unless it is of an earlier order. An exit whose order has expired is to be ordered again. */
export function takeRejection(
  {awaited, requestedAtOf}: Pick<CompletionContext, "awaited" | "requestedAtOf">,
  exit: ExitId,
  {requestedAt, code, reason}: Rejection,
): "stale" | "order expired" | "rejected" {
  // It belongs to another request: whoever runs the bus could replay it.
  if (requestedAt !== requestedAtOf.get(exitKeyOf(exit))) return "stale";
  if (code === "ORDER_EXPIRED") {
    awaited.expireOrder(exit);
    return "order expired";
  }
  awaited.reject({exit, code, reason});
  return "rejected";
}
