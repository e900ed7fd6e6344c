import type {AggregatorForSet} from "../aggregator.js";

/** The most exits under way when the next shares are taken: one batch is verified while another is split. */
const mostUnderWay = 40;

/** The work on an exit for this oracle set that is under way in this process: its result is being written or published. */
export const findUnderWay = (aggregator: AggregatorForSet, exitKey: string): Promise<unknown> | undefined =>
  aggregator.completing.get(underWayKeyOf(aggregator, exitKey));

/** Does the work on these exits; while it is under way nobody else begins with them. */
export function whileUnderWay<T>(aggregator: AggregatorForSet, exitKeys: readonly string[], work: () => Promise<T>): Promise<T> {
  const {completing} = aggregator;
  const keys = exitKeys.map((key) => underWayKeyOf(aggregator, key));
  const underWay = work().finally(() => {
    for (const key of keys) completing.delete(key);
  });
  underWay.catch(() => {});
  for (const key of keys) completing.set(key, underWay);
  return underWay;
}

/** Resolves once there is room to take the next shares. */
export async function waitForRoom({completing}: Pick<AggregatorForSet, "completing">): Promise<void> {
  while (completing.size > mostUnderWay) await Promise.race(completing.values()).catch(() => {});
}

const underWayKeyOf = ({oracleSet}: AggregatorForSet, exitKey: string): string => `${exitKey} ${oracleSet.configHash}`;
