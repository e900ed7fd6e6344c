import {setImmediate as turnOfTheLoop} from "node:timers/promises";
import {DvtError} from "../errors.js";
import type {ExitResult} from "../exits/completion.js";
import {validatorKeyOf} from "../exits/exitId.js";
import {blind, randomCoefficients} from "../exits/splitExit.js";
import type {Change} from "../store/exits.js";
import type {Aggregator} from "./aggregator.js";
import {type Collecting, gather, type Share} from "./collecting.js";
import {publishResults} from "./publishResults.js";
import {toResult} from "./toResult.js";
import {type Verified, verifyShares} from "./verifyShares.js";

/** A word for what came of a share, or why it is refused; what has still to be published is a promise. */
type Outcome = string | Promise<string> | DvtError;

type Completed = {readonly collecting: Collecting; readonly result: ExitResult};

/**
 * Takes signature shares that came together: keeps the good ones, and completes the exits that have enough. They are read,
 * verified and written together. Back when everything is written: what came of each, where it has still to be said a promise.
 */
export async function handleShares(aggregator: Aggregator, shares: readonly Share[]): Promise<Promise<string>[]> {
  const outcomes = new Map<Share, Outcome>();
  let open: readonly Collecting[] = gather(shares);
  while (open.length > 0) {
    const lookingUp = lookUp(aggregator, open, outcomes);
    lookingUp.catch(() => {});
    // The queries are under way after a turn of the loop: while the database answers, the first split can be begun.
    await turnOfTheLoop();
    const [first] = open;
    if (first && first.fresh.length >= first.threshold) {
      first.blinding ??= blind(first.root, randomCoefficients(aggregator.oracleSet.threshold));
    }
    const collecting = await lookingUp;
    const refuse = (share: Share, why: DvtError): void => void outcomes.set(share, why);
    const kept: Verified[] = [];
    const completed: Completed[] = [];
    for await (const verified of verifyShares(aggregator, collecting, refuse)) {
      if (verified.signature) {
        completed.push({collecting: verified.collecting, result: toResult(aggregator, verified.collecting, verified.signature)});
        await turnOfTheLoop();
      } else if (verified.good.length > 0) kept.push(verified);
    }
    open = await write(aggregator, {kept, completed}, outcomes);
  }
  return shares.map(async (share) => {
    const outcome = (await outcomes.get(share)) ?? "collecting";
    if (outcome instanceof DvtError) throw outcome;
    return outcome;
  });
}

/** Those that still need shares, with what is stored of them. */
async function lookUp(aggregator: Aggregator, open: readonly Collecting[], outcomes: Map<Share, Outcome>): Promise<Collecting[]> {
  const {configHash} = aggregator.oracleSet;
  const exits = open.map(({exit}) => exit);
  const [heads, stored] = await Promise.all([aggregator.requests.findAll(exits), aggregator.exits.findAll(exits, configHash)]);
  const owed: Completed[] = [];
  const wanting = open.filter((collecting) => {
    const {exit, key, threshold} = collecting;
    const head = heads.get(validatorKeyOf(exit));
    const {shares = new Map<number, Uint8Array>(), result, published} = stored.get(key) ?? {};
    const underWay = aggregator.saying.get(key);
    // [TERMINATE] Nobody asked for it. The relayer records before it asks, so an honest sidecar never gets here; re-issue heals it.
    if (!head) settle(collecting, new DvtError("EXIT_UNKNOWN", `take a share: nobody asked for ${key}`), outcomes);
    else if (head.validatorIndex !== exit.validatorIndex) settle(collecting, "superseded", outcomes);
    else if (head.state === "expired") settle(collecting, "expired", outcomes);
    else if (result && published) settle(collecting, "late", outcomes);
    else if (underWay) settle(collecting, said(underWay, "late"), outcomes);
    else if (result) owed.push({collecting, result});
    else {
      collecting.held = shares;
      collecting.operatorIds = head.operatorIds;
      collecting.fresh = collecting.fresh.filter(({shareIndex}) => !shares.has(shareIndex));
      return collecting.fresh.length > 0 || shares.size >= threshold;
    }
    return false;
  });
  say(aggregator, owed, "published again", outcomes);
  return wanting;
}

/** Writes shares and results; returns the exits that have to be looked at again. */
async function write(
  aggregator: Aggregator,
  {kept, completed}: {kept: readonly Verified[]; completed: readonly Completed[]},
  outcomes: Map<Share, Outcome>,
): Promise<readonly Collecting[]> {
  const {exits, logger, oracleSet} = aggregator;
  if (kept.length + completed.length === 0) return [];
  const changes = [...kept.map(toKeep), ...completed.map(toComplete)];
  for (const {collecting, good} of kept) {
    const held = collecting.held.size + good.length;
    for (const {shareIndex} of good) logger.debug({exit: collecting.key, share_index: shareIndex, held}, "share held");
  }
  const tooLate = await exits.write(changes, oracleSet.configHash, Date.now());
  const first = completed.filter(({collecting}) => !tooLate.has(collecting.key));
  for (const {collecting} of first) {
    aggregator.completed.add(collecting.key);
    logger.debug({exit: collecting.key}, "exit completed");
  }
  say(aggregator, first, "completed", outcomes);
  const second = completed.filter(({collecting}) => tooLate.has(collecting.key));
  // Another aggregator may have kept shares while we kept ours, and each have seen too few: both look again.
  return [...kept, ...second].map(({collecting}) => collecting);
}

const toKeep = ({collecting: {exit, clusterId}, good}: Verified): Change => ({
  ...{exit, clusterId},
  shares: new Map(good.map(({shareIndex, ciphertext}) => [shareIndex, ciphertext])),
});
const toComplete = ({collecting: {exit, clusterId}, result}: Completed): Change => ({exit, clusterId, result});

/** Begins to say results; those whose shares came are settled once that is done. */
function say(aggregator: Aggregator, results: readonly Completed[], outcome: string, outcomes: Map<Share, Outcome>): void {
  const {saying, oracleSet} = aggregator;
  const published = results.map(({collecting: {exit, operatorIds}, result}) => ({exit, operatorIds, result}));
  const publishing = publishResults(aggregator, published, oracleSet.configHash).finally(() => {
    for (const {collecting} of results) saying.delete(collecting.key);
  });
  for (const {collecting} of results) {
    saying.set(collecting.key, publishing);
    settle(collecting, said(publishing, outcome), outcomes);
  }
}

function said(publishing: Promise<unknown>, outcome: string): Promise<string> {
  const told = publishing.then(() => outcome);
  // Whoever asked is told of a failure too; that may be a moment later.
  told.catch(() => {});
  return told;
}

function settle({came}: Collecting, outcome: Outcome, outcomes: Map<Share, Outcome>): void {
  for (const share of came) if (!outcomes.has(share)) outcomes.set(share, outcome);
}
