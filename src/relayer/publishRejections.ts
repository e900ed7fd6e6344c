import {toCompletion} from "../exits/completion.js";
import {type ExitId, exitKeyOf} from "../exits/exitId.js";
import {type RejectionCode, toRejection} from "../exits/rejections.js";
import type {Askers} from "../store/askedDeposit.js";
import {publishCompletion, type Relayer} from "./relayer.js";

/** Tells everybody who asked that it cannot come; or that it has, for the stream keeps what was said last. */
export async function publishRejections(relayer: Relayer, exit: ExitId, askers: Askers, code: RejectionCode): Promise<void> {
  const {configHash} = relayer.oracles.current();
  const tellResult = async (): Promise<boolean> => {
    const result = (await relayer.exits.findResults([exit], configHash)).get(exitKeyOf(exit));
    if (!result) return false;
    for (const operatorId of askers.keys()) await publishCompletion(relayer, toCompletion(exit, operatorId, configHash, result));
    return true;
  };
  if (await tellResult()) return;
  for (const [operatorId, requestedAt] of askers)
    await publishCompletion(relayer, toRejection(exit, operatorId, requestedAt, code));
  // The aggregator may have said it meanwhile.
  await tellResult();
}
