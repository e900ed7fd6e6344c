import {exitCompletion} from "../../schemas/exitCompletion.js";
import {DvtError} from "../errors.js";
import {type ExitResult, toCompletion} from "../exits/completion.js";
import {type ExitId, validatorKeyOf} from "../exits/exitId.js";
import {publish} from "../messaging/publish.js";
import type {Aggregator} from "./aggregator.js";

export type Published = {
  readonly exit: ExitId;
  readonly result: ExitResult;
  /** Who is known to have asked for it, and need not be looked up first. */
  readonly operatorIds?: readonly string[];
};

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
  const say = ({exit, result}: Published, operatorIds: readonly string[]): Promise<void>[] =>
    operatorIds.map((id) => publish(bus, exitCompletion, toCompletion(exit, id, oraclesConfigHash, result)));
  const sayToOthers = async (): Promise<void> => {
    const heads = await requests.findAll(results.map(({exit}) => exit));
    await Promise.all(
      results.flatMap((published) => {
        const {exit, operatorIds = []} = published;
        const head = heads.get(validatorKeyOf(exit));
        const isCurrent = head && !(head instanceof DvtError) && head.validatorIndex === exit.validatorIndex;
        const asked = isCurrent ? [...head.askers.keys()] : [];
        return say(
          published,
          asked.filter((id) => !operatorIds.includes(id)),
        );
      }),
    );
  };
  await Promise.all([...results.flatMap((published) => say(published, published.operatorIds ?? [])), sayToOthers()]);
  await exits.markPublished(
    results.map(({exit}) => exit),
    oraclesConfigHash,
  );
}
