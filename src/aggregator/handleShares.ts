import {setImmediate as turnOfTheLoop} from "node:timers/promises";
import {blind, randomCoefficients} from "../exits/splitExit.js";
import {type Aggregator, type AggregatorForSet, forCurrentSet, underWayKeyOf} from "./aggregator.js";
import {type Collecting, gather, type Share} from "./collecting.js";
import {type Completing, type Completion, completeExits} from "./completeExits.js";
import {lookUp} from "./lookUp.js";
import {openShare} from "./openShare.js";
import {type Outcomes, settle, settleHeld, takeAll, toPromises} from "./outcomes.js";
import {toResult} from "./toResult.js";
import {type Means, type Verified, verifyShares} from "./verifyShares.js";

/** So many exits may be under way when the next shares are taken: one batch is verified while another is split. */
const mostUnderWay = 40;

/**
 * Takes signature shares that came together: keeps the good ones, and completes the exits that have enough. They are read,
 * verified and written together. Back when the next may be taken: what came of each share, where that is still under way a
 * promise.
 */
export async function handleShares(aggregator: Aggregator, shares: readonly Share[]): Promise<Promise<string>[]> {
  const outcomes: Outcomes = new Map();
  await takeAll(shares, {gather, take: (exits) => takeTogether(forCurrentSet(aggregator), exits, outcomes)}, outcomes);
  // Shares that wait find the others of their exit: to take them before they can be completed only makes them be stored.
  while (aggregator.completing.size > mostUnderWay) await Promise.race(aggregator.completing.values()).catch(() => {});
  return toPromises(shares, outcomes);
}

async function takeTogether(aggregator: AggregatorForSet, exits: readonly Collecting[], outcomes: Outcomes): Promise<void> {
  const means = toMeans(aggregator, outcomes);
  let open = exits;
  while (open.length > 0) {
    const wanting = await lookUpAndBegin(aggregator, open, outcomes);
    if (open === exits) settleHeld(open, wanting, outcomes);
    const kept: Verified<Share, Collecting>[] = [];
    const completing: Completing[] = [];
    for await (const verified of verifyShares(means, wanting)) {
      const {collecting, good, signature} = verified;
      if (signature) {
        const result = toResult(aggregator, collecting, signature);
        // Awaited with the others of its batch; it may fail before that.
        result.catch(() => {});
        completing.push({collecting, result});
        await turnOfTheLoop();
      } else if (good.length > 0) kept.push(verified);
    }
    if (completing.length > 0) completeAside(aggregator, completing, outcomes);
    await keep(aggregator, kept);
    // Another aggregator may have kept shares while we kept ours, and each have seen too few: both look again.
    open = kept.map(({collecting}) => collecting);
  }
}

const toMeans = ({privateKeys, exits, logger}: Aggregator, outcomes: Outcomes): Means<Share, Collecting> => ({
  what: "exit",
  logger,
  open: (bytes, use) => openShare(privateKeys, bytes, use),
  removeShare: ({exit}, shareIndex, bytes) => exits.removeShare(exit, shareIndex, bytes),
  refuse: (share, why) => outcomes.set(share, why),
});

/** While the database answers, the first split is begun: its multiplications need nothing of what is looked up. */
async function lookUpAndBegin(
  aggregator: AggregatorForSet,
  open: readonly Collecting[],
  outcomes: Outcomes,
): Promise<Collecting[]> {
  const lookingUp = lookUp(aggregator, open, outcomes);
  lookingUp.catch(() => {});
  // The queries are under way after a turn of the loop.
  await turnOfTheLoop();
  const [first] = open;
  if (first && first.fresh.length >= first.threshold && !aggregator.completing.has(underWayKeyOf(aggregator, first.key))) {
    first.blinding ??= blind(first.root, randomCoefficients(aggregator.oracleSet.threshold));
  }
  return lookingUp;
}

/** The next shares are taken meanwhile. */
function completeAside(aggregator: AggregatorForSet, completing: readonly Completing[], outcomes: Outcomes): void {
  const completions = completeExits(aggregator, completing);
  for (const {collecting} of completing) {
    const completion = completions.then((all) => toWord(aggregator, collecting, all.get(collecting.key)));
    settle(collecting, completion, outcomes);
  }
}

async function toWord(aggregator: Aggregator, {came}: Collecting, completion: Completion | undefined): Promise<string> {
  if (completion instanceof Error) throw completion;
  if (completion !== "too late") return "completed";
  // Another aggregator wrote first: what stands now decides.
  const again = await handleShares(aggregator, came);
  return (await Promise.all(again))[0] ?? "late";
}

async function keep(
  {exits, oracleSet, clock, logger}: AggregatorForSet,
  kept: readonly Verified<Share, Collecting>[],
): Promise<void> {
  if (kept.length === 0) return;
  for (const {collecting, good} of kept) {
    const held = collecting.held.size + good.length;
    for (const {shareIndex} of good) logger.debug({exit: collecting.key, share_index: shareIndex, held}, "share held");
  }
  const changes = kept.map(({collecting: {exit, clusterId}, good}) => ({
    ...{exit, clusterId},
    shares: new Map(good.map(({shareIndex, bytes}) => [shareIndex, bytes])),
  }));
  // What was not written is looked at again, with the rest.
  await exits.write(changes, oracleSet.configHash, clock.now());
}
