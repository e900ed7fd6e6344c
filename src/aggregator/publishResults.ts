import {exitCompletion} from "../../schemas/exitCompletion.js";
import {type ExitResult, toCompletion} from "../exits/completion.js";
import {type ExitId, validatorKeyOf} from "../exits/exitId.js";
import {publish} from "../messaging/publish.js";
import type {Aggregator} from "./aggregator.js";

export type Published = {exit: ExitId; result: ExitResult};

/**
 * Says each to everybody who asked for it, then notes that it was said. The operators are read after the results were written,
 * and the relayer reads the results after it wrote an operator: nobody is missed.
 */
export async function publishResults(
  {requests, exits, bus}: Aggregator,
  results: readonly Published[],
  oraclesConfigHash: string,
): Promise<void> {
  if (results.length === 0) return;
  const heads = await requests.findAll(results.map(({exit}) => exit));
  const completions = results.flatMap(({exit, result}) => {
    const head = heads.get(validatorKeyOf(exit));
    const operatorIds = head?.validatorIndex === exit.validatorIndex ? head.operatorIds : [];
    return operatorIds.map((operatorId) => toCompletion(exit, operatorId, oraclesConfigHash, result));
  });
  await Promise.all(completions.map((completion) => publish(bus, exitCompletion, completion)));
  await exits.markPublished(
    results.map(({exit}) => exit),
    oraclesConfigHash,
  );
}
