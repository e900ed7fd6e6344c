import {setImmediate as yieldToEventLoop} from "node:timers/promises";
import {voluntaryExitSigningRoot} from "../../consensus/voluntaryExit.js";
import type {ExitResult} from "../../exits/completion.js";
import type {ExitId} from "../../exits/exitId.js";
import {blind, randomCoefficients} from "../../exits/splitExit.js";
import {type Aggregator, type AggregatorForSet, forCurrentSet} from "../aggregator.js";
import type {ShareGroup, SignatureShare} from "../shares/shareGroup.js";
import type {SortedGroups} from "../shares/sortGroups.js";
import {type ShareSteps, takeBatch} from "../shares/takeBatch.js";
import type {ExitGroup} from "./exitGroup.js";
import {lookUp} from "./lookUp.js";
import {openShare} from "./openShare.js";
import {toResult} from "./toResult.js";
import {findUnderWay, waitForRoom} from "./underWay.js";
import {writeVerified} from "./writeVerified.js";

/**
 * Takes shares of exits that came together, as shares/takeBatch.ts has it. Results are made, written and published while the next
 * shares are taken: this returns as soon as that may begin.
 */
export async function takeShares(aggregator: Aggregator, shares: readonly SignatureShare<ExitId>[]): Promise<Promise<string>[]> {
  const outcomes = await takeBatch(() => toSteps(forCurrentSet(aggregator)), shares);
  // While shares wait, the others of their exit join them. Taken before they can be completed, they would only be stored.
  await waitForRoom(aggregator);
  return outcomes;
}

const toSteps = (aggregator: AggregatorForSet): ShareSteps<ExitId, ExitGroup, Promise<ExitResult>> => ({
  what: "exit",
  logger: aggregator.logger,
  rootOf: ({network, validatorIndex}) => voluntaryExitSigningRoot(network, validatorIndex),
  lookUp: (groups) => lookUpAndBlind(aggregator, groups),
  openStored: (stored, use) => openShare(aggregator.privateKeys, stored, use),
  removeShare: (exit, shareIndex, bytes) => aggregator.exits.removeShare(exit, shareIndex, bytes),
  toResult: (group, signature) => {
    const result = toResult(aggregator, group, signature);
    // Awaited with the others of its batch; it may fail before that.
    result.catch(() => {});
    return result;
  },
  write: (completed, incomplete) => writeVerified(aggregator, completed, incomplete),
});

/** Looks the exits up, and meanwhile begins the first split: its multiplications need nothing from the database. */
async function lookUpAndBlind(
  aggregator: AggregatorForSet,
  groups: readonly ShareGroup<ExitId>[],
): Promise<SortedGroups<ExitId, ExitGroup>> {
  const lookingUp = lookUp(aggregator, groups);
  lookingUp.catch(() => {});
  // The queries are sent before this returns.
  await yieldToEventLoop();
  const first = groups.find((group) => isReady(aggregator, group));
  const blinding = first && blind(first.root, randomCoefficients(aggregator.oracleSet.threshold));
  const {wanting, ...others} = await lookingUp;
  return {...others, wanting: wanting.map((group) => ({...group, blinding: group.key === first?.key ? blinding : undefined}))};
}

/** It may be completed: it has enough shares here, and nobody is at work with it. */
const isReady = (aggregator: AggregatorForSet, {key, threshold, candidates}: ShareGroup<ExitId>): boolean =>
  candidates.length >= threshold && !findUnderWay(aggregator, key);
