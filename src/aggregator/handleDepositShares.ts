import {toHex} from "../runtime/hex.js";
import type {DepositChange} from "../store/deposits.js";
import type {Aggregator} from "./aggregator.js";
import {type CollectingDeposit, type DepositShare, gatherDeposits} from "./collectingDeposit.js";
import {lookUpDeposits} from "./lookUpDeposits.js";
import {type Outcomes, settle, settleHeld, takeAll, toPromises} from "./outcomes.js";
import {publishDeposits} from "./publishDeposits.js";
import {type Means, type Verified, verifyShares} from "./verifyShares.js";

type VerifiedDeposit = Verified<DepositShare, CollectingDeposit>;

/**
 * Takes shares of deposits that came together: keeps the good ones, and writes and publishes the signatures that enough of them
 * recover to. As with exits a share counts under its own public key share, and a signature under the validator's key.
 */
export async function handleDepositShares(aggregator: Aggregator, shares: readonly DepositShare[]): Promise<Promise<string>[]> {
  const outcomes: Outcomes = new Map();
  const take = (deposits: readonly CollectingDeposit[]): Promise<void> => takeTogether(aggregator, deposits, outcomes);
  await takeAll(shares, {gather: gatherDeposits, take}, outcomes);
  return toPromises(shares, outcomes);
}

async function takeTogether(aggregator: Aggregator, deposits: readonly CollectingDeposit[], outcomes: Outcomes): Promise<void> {
  const means = toMeans(aggregator, outcomes);
  let open = deposits;
  while (open.length > 0) {
    const wanting = await lookUpDeposits(aggregator, open, outcomes);
    if (open === deposits) settleHeld(open, wanting, outcomes);
    const verified: VerifiedDeposit[] = [];
    for await (const it of verifyShares(means, wanting)) if (it.signature || it.good.length > 0) verified.push(it);
    open = await write(aggregator, verified, outcomes);
  }
}

const toMeans = ({deposits, logger}: Aggregator, outcomes: Outcomes): Means<DepositShare, CollectingDeposit> => ({
  what: "deposit",
  logger,
  open: (bytes, use) => use(bytes),
  removeShare: ({id}, shareIndex, bytes) => deposits.removeShare(id, shareIndex, bytes),
  refuse: (share, why) => outcomes.set(share, why),
});

/**
 * Those to look at again: another aggregator may have been first, or have kept shares while we kept ours, and each have seen too
 * few.
 */
async function write(
  aggregator: Aggregator,
  verified: readonly VerifiedDeposit[],
  outcomes: Outcomes,
): Promise<CollectingDeposit[]> {
  if (verified.length === 0) return [];
  const notWritten = await aggregator.deposits.write(verified.map(toChange), aggregator.clock.now());
  const signed = verified.filter(({signature, collecting}) => signature && !notWritten.has(collecting.key));
  await publishDeposits(
    aggregator,
    signed.map((it) => ({...it.collecting.id, signature: signatureOf(it)})),
  );
  for (const {collecting} of signed) {
    aggregator.logger.debug({deposit: collecting.key}, "deposit signed");
    settle(collecting, "completed", outcomes);
  }
  return verified.flatMap((it) => (signed.includes(it) ? [] : [it.collecting]));
}

const signatureOf = ({signature}: VerifiedDeposit): string => toHex(signature?.toBytes() ?? new Uint8Array());

function toChange(verified: VerifiedDeposit): DepositChange {
  const {collecting, good, signature} = verified;
  const {id, clusterId} = collecting;
  if (signature) return {id, clusterId, signature: signatureOf(verified)};
  return {id, clusterId, shares: new Map(good.map(({shareIndex, bytes}) => [shareIndex, bytes]))};
}
