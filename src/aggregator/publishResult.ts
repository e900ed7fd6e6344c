import {exitCompletion} from "../../schemas/exitCompletion.js";
import {type ExitResult, toCompletion} from "../exits/completion.js";
import type {ExitId} from "../exits/exitId.js";
import {publish} from "../messaging/publish.js";
import type {Aggregator} from "./aggregator.js";

/**
 * Says it to everybody who asked, then notes that it was said. The operators are read after the result was written, and the
 * relayer reads the result after it wrote an operator: nobody is missed.
 */
export async function publishResult(
  {requests, exits, bus}: Aggregator,
  exit: ExitId,
  oraclesConfigHash: string,
  result: ExitResult,
): Promise<void> {
  const head = await requests.find(exit);
  const operatorIds = head?.validatorIndex === exit.validatorIndex ? head.operatorIds : [];
  for (const operatorId of operatorIds)
    await publish(bus, exitCompletion, toCompletion(exit, operatorId, oraclesConfigHash, result));
  await exits.markPublished(exit, oraclesConfigHash);
}
