import {exitCompletion} from "../../../schemas/exitCompletion.js";
import {type ExitResult, toCompletion} from "../../exits/completion.js";
import {type ExitId, exitKeyOf} from "../../exits/exitId.js";
import {publish} from "../../messaging/publish.js";
import type {Aggregator} from "../aggregator.js";
import {findRequesters} from "../shares/currentRequest.js";
import {requestOf} from "./requestOf.js";

/** A stored result, to be published. */
export type OwedResult = {
  readonly exit: ExitId;
  readonly result: ExitResult;
  /** The operators who are known to have asked for it, and need not be looked up first; set when it is published for the first time. */
  readonly operatorIds?: readonly string[];
};

/**
 * Publishes each result to everybody who asked for it, then records that it was published. The operators are read after the
 * results were written, and the relayer reads the results after it wrote an operator, so nobody is missed.
 */
export async function publishResults(
  aggregator: Aggregator,
  results: readonly OwedResult[],
  oraclesConfigHash: string,
): Promise<void> {
  if (results.length === 0) return;
  const publishTo = ({exit, result}: OwedResult, operatorIds: readonly string[]): Promise<void>[] =>
    operatorIds.map((id) => publish(aggregator.bus, exitCompletion, toCompletion(exit, id, oraclesConfigHash, result)));
  const exits = results.map(({exit}) => exit);
  const again = results.filter(({operatorIds}) => !operatorIds).map(({exit}) => exitKeyOf(exit));
  if (again.length > 0) aggregator.logger.info({exits: again}, "results published again");
  const publishToOthers = async (): Promise<void> => {
    const requestersOf = await findRequesters(aggregator, exits, requestOf);
    await Promise.all(
      results.flatMap((owed) => {
        const others = requestersOf(owed.exit).filter((id) => !owed.operatorIds?.includes(id));
        return publishTo(owed, others);
      }),
    );
  };
  await Promise.all([...results.flatMap((owed) => publishTo(owed, owed.operatorIds ?? [])), publishToOthers()]);
  await aggregator.exits.markPublished(exits, oraclesConfigHash, aggregator.clock.now());
}
