import {toCompletion} from "../exits/completion.js";
import {type ExitId, exitKeyOf} from "../exits/exitId.js";
import {type RejectionCode, toRejection} from "../exits/rejections.js";
import type {Requesters} from "../store/askedDeposit.js";
import {publishCompletion, type Relayer} from "./relayer.js";

/** Publishes to every requester that the exit cannot come; or its result, last, for the stream keeps the last message. */
export async function publishRejections(
  relayer: Relayer,
  exit: ExitId,
  requesters: Requesters,
  code: RejectionCode,
): Promise<void> {
  const {configHash} = relayer.oracles.current();
  const publishResult = async (): Promise<boolean> => {
    const result = (await relayer.exits.findResults([exit], configHash)).get(exitKeyOf(exit));
    if (!result) return false;
    for (const operatorId of requesters.keys())
      await publishCompletion(relayer, toCompletion(exit, operatorId, configHash, result));
    return true;
  };
  if (await publishResult()) return;
  for (const [operatorId, {requestedAt}] of requesters)
    await publishCompletion(relayer, toRejection(exit, operatorId, requestedAt, code));
  // The aggregator may have stored it meanwhile.
  await publishResult();
}
