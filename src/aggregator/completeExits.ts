import type {ExitResult} from "../exits/completion.js";
import {type AggregatorForSet, underWayKeyOf} from "./aggregator.js";
import type {Collecting} from "./collecting.js";
import {publishResults} from "./publishResults.js";

export type Completing = {readonly collecting: Collecting; readonly result: Promise<ExitResult>};
export type Completed = {readonly collecting: Collecting; readonly result: ExitResult};

/** What came of an exit whose result was made. */
export type Completion = "completed" | "too late" | Error;

/**
 * Writes the results as soon as all of them are made, and publishes them. By exit key: those for which another aggregator
 * wrote first are too late, those of which no result could be made failed alone. While this is under way nobody else begins
 * with the same exits.
 */
export function completeExits(
  aggregator: AggregatorForSet,
  completing: readonly Completing[],
): Promise<ReadonlyMap<string, Completion>> {
  const exits = completing.map(({collecting}) => collecting);
  return whileUnderWay(aggregator, exits, async () => {
    const made = await Promise.allSettled(
      completing.map(async ({collecting, result}): Promise<Completed> => ({collecting, result: await result})),
    );
    const completed = made.flatMap((it) => (it.status === "fulfilled" ? [it.value] : []));
    const tooLate = await write(aggregator, completed);
    const first = completed.filter(({collecting}) => !tooLate.has(collecting.key));
    await publish(aggregator, first);
    return new Map(
      made.map((it, position): [string, Completion] => {
        const {key} = (completing[position] as Completing).collecting;
        if (it.status === "rejected") return [key, it.reason as Error];
        return [key, tooLate.has(key) ? "too late" : "completed"];
      }),
    );
  });
}

/** Says results that somebody wrote and nobody is known to have published. */
export const sayResults = (aggregator: AggregatorForSet, owed: readonly Completed[]): Promise<void> =>
  whileUnderWay(
    aggregator,
    owed.map(({collecting}) => collecting),
    () => publish(aggregator, owed),
  );

async function write(
  {exits, oracleSet, completed: tally, clock, logger}: AggregatorForSet,
  completed: readonly Completed[],
): Promise<ReadonlySet<string>> {
  if (completed.length === 0) return new Set();
  const changes = completed.map(({collecting: {exit, clusterId}, result}) => ({exit, clusterId, result}));
  const tooLate = await exits.write(changes, oracleSet.configHash, clock.now());
  for (const {collecting} of completed) {
    if (tooLate.has(collecting.key)) continue;
    tally.add(collecting.key);
    logger.debug({exit: collecting.key}, "exit completed");
  }
  return tooLate;
}

const publish = (aggregator: AggregatorForSet, results: readonly Completed[]): Promise<void> =>
  publishResults(
    aggregator,
    results.map(({collecting: {exit, operatorIds}, result}) => ({exit, operatorIds, result})),
    aggregator.oracleSet.configHash,
  );

function whileUnderWay<T>(aggregator: AggregatorForSet, exits: readonly Collecting[], work: () => Promise<T>): Promise<T> {
  const {completing} = aggregator;
  const keys = exits.map(({key}) => underWayKeyOf(aggregator, key));
  const underWay = work().finally(() => {
    for (const key of keys) completing.delete(key);
  });
  underWay.catch(() => {});
  for (const key of keys) completing.set(key, underWay);
  return underWay;
}
