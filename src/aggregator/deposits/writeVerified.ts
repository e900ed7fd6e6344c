import type {DepositId} from "../../exits/depositId.js";
import {logTogether} from "../../runtime/logTogether.js";
import type {Aggregator} from "../aggregator.js";
import {aboutGroup} from "../shares/aboutGroup.js";
import {type GoodShares, type OpenGroup, type SettledShares, settle} from "../shares/shareGroup.js";
import type {CompletedGroup} from "../shares/takeBatch.js";
import {publishResults} from "./publishResults.js";

type DepositGroup = OpenGroup<DepositId>;

/**
 * Writes good shares and signatures, and publishes the signatures. Returns the deposits to look up again: those with too few
 * shares, and those that another aggregator wrote first.
 */
export async function* writeVerified(
  aggregator: Aggregator,
  signed: readonly CompletedGroup<DepositGroup, string>[],
  incomplete: readonly GoodShares<DepositGroup>[],
): AsyncGenerator<SettledShares<DepositId>, readonly DepositGroup[]> {
  const {deposits, clock, logger} = aggregator;
  if (signed.length + incomplete.length === 0) return [];
  const signatures = signed.map(({group: {id, clusterId}, result}) => ({id, clusterId, signature: result}));
  const shares = incomplete.map(({group: {id, clusterId}, good}) => ({id, clusterId, shares: good}));
  const notWritten = await deposits.write([...signatures, ...shares], clock.now());
  const written = signed.filter(({group}) => !notWritten.has(group.key));
  logTogether(
    written.map(({group}) => ({...aboutGroup(group), exit: group.key})),
    ({exits: keys, ...fields}) => logger.info({...fields, deposits: keys}, "deposits completed"),
  );
  await publishResults(
    aggregator,
    written.map(({group, result}) => ({...group.id, signature: result})),
  );
  for (const {group} of written) yield settle(group.came, "completed");
  return [...signed.filter((it) => !written.includes(it)), ...incomplete].map(({group}) => group);
}
