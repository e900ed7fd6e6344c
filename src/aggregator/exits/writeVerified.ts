import {encrypt} from "../../ecies/ecies.js";
import type {ExitResult} from "../../exits/completion.js";
import type {ExitId} from "../../exits/exitId.js";
import {logTogether} from "../../runtime/logTogether.js";
import type {AggregatorForSet} from "../aggregator.js";
import {aboutGroup} from "../shares/aboutGroup.js";
import {type GoodShares, type SettledShares, settle} from "../shares/shareGroup.js";
import type {CompletedGroup} from "../shares/takeBatch.js";
import type {ExitGroup} from "./exitGroup.js";
import {lookUp} from "./lookUp.js";
import {publishResults} from "./publishResults.js";
import {whileUnderWay} from "./underWay.js";

/** An exit whose result is being made. */
type Completing = CompletedGroup<ExitGroup, Promise<ExitResult>>;

/** Writes good shares, and begins to write and publish results. Returns the exits to look up again. */
export async function* writeVerified(
  aggregator: AggregatorForSet,
  completing: readonly Completing[],
  incomplete: readonly GoodShares<ExitGroup>[],
): AsyncGenerator<SettledShares<ExitId>, readonly ExitGroup[]> {
  if (completing.length > 0) yield* complete(aggregator, completing);
  if (incomplete.length > 0) await writeShares(aggregator, incomplete);
  return incomplete.map(({group}) => group);
}

/** Writes the results together as soon as all of them are made, and publishes them. One that cannot be made fails alone. */
function complete(aggregator: AggregatorForSet, completing: readonly Completing[]): SettledShares<ExitId>[] {
  const keys = completing.map(({group}) => group.key);
  const writing = whileUnderWay(aggregator, keys, async () => {
    const made = await Promise.allSettled(completing.map(async ({group, result}) => ({group, result: await result})));
    const results = made.flatMap((it) => (it.status === "fulfilled" ? [it.value] : []));
    const tooLate = await writeResults(aggregator, results);
    const written = results.filter(({group}) => !tooLate.has(group.key));
    await publishResults(
      aggregator,
      written.map(({group: {id, requesters}, result}) => ({exit: id, result, operatorIds: [...requesters.keys()]})),
      aggregator.oracleSet.configHash,
    );
    return tooLate;
  });
  return completing.map(({group, result}) => settle(group.came, outcomeOf(aggregator, group, result, writing)));
}

async function outcomeOf(
  aggregator: AggregatorForSet,
  group: ExitGroup,
  result: Promise<ExitResult>,
  writing: Promise<ReadonlySet<string>>,
): Promise<string> {
  const tooLate = await writing;
  await result;
  if (!tooLate.has(group.key)) return "completed";
  // Another aggregator wrote first: what is stored now decides.
  const {settled} = await lookUp(aggregator, [group]);
  const outcome = settled[0]?.outcome ?? "late";
  if (outcome instanceof Error) throw outcome;
  return outcome;
}

/** Returns the keys of the exits that another aggregator wrote first. */
async function writeResults(
  {exits, oracleSet, observeDuration, clock, logger}: AggregatorForSet,
  results: readonly CompletedGroup<ExitGroup, ExitResult>[],
): Promise<ReadonlySet<string>> {
  if (results.length === 0) return new Set();
  const changes = results.map(({group, result}) => ({
    exit: group.id,
    clusterId: group.clusterId,
    result,
    came: cameTimesOf(group),
  }));
  const tooLate = await exits.write(changes, oracleSet.configHash, clock.now());
  const written = results.filter(({group}) => !tooLate.has(group.key)).map(({group}) => group);
  for (const {openedAt} of written) observeDuration?.(clock.now() - openedAt);
  logTogether(
    written.map((group) => ({...aboutGroup(group), exit: group.key})),
    (fields) => logger.info(fields, "exits completed"),
  );
  return tooLate;
}

/** By share index, when its first share came that was not refused. */
const cameTimesOf = ({candidates}: ExitGroup): ReadonlyMap<number, number> =>
  new Map(candidates.map(({share: {shareIndex, cameAt}}) => [shareIndex, cameAt] as const).toSorted(([, a], [, b]) => b - a));

/** Writes each share in a ciphertext of its own. */
async function writeShares(
  {exits, oracleSet, publicKey, clock, logger}: AggregatorForSet,
  incomplete: readonly GoodShares<ExitGroup>[],
): Promise<void> {
  if (logger.isLevelEnabled("debug")) {
    for (const {group, good} of incomplete) {
      const fields = {...aboutGroup(group), share_indexes: [...good.keys()], held: group.held.size + good.size};
      logger.debug({...fields, exits: [group.key]}, "shares held");
    }
  }
  const changes = incomplete.map(({group, good}) => {
    const shares = new Map([...good].map(([shareIndex, share]) => [shareIndex, encrypt(publicKey, share)]));
    const came = new Map([...cameTimesOf(group)].filter(([shareIndex]) => good.has(shareIndex)));
    return {exit: group.id, clusterId: group.clusterId, shares, came};
  });
  // The exits that were not written are looked up again, with the rest.
  await exits.write(changes, oracleSet.configHash, clock.now());
}
