import pMap from "p-map";
import {batchRejection} from "../../schemas/batchRejection.js";
import type {ExitBatch} from "../../schemas/exitBatch.js";
import {parsePublicKey} from "../bls/curve.js";
import {DvtError, dispositionOf} from "../errors.js";
import {toCompletion} from "../exits/completion.js";
import {type ExitId, exitKeyOf} from "../exits/exitId.js";
import {type RejectionCode, toRejection} from "../exits/rejections.js";
import type {Delivery} from "../messaging/consume.js";
import {publish} from "../messaging/publish.js";
import {fromHex} from "../runtime/hex.js";
import {toSentence} from "../runtime/toSentence.js";
import type {Claim} from "../store/claims.js";
import type {Ask} from "../store/requestDocument.js";
import {answerDeposit, depositsOf, findPending} from "./answerDeposit.js";
import {publishRejections} from "./publishRejections.js";
import {batchIdOf, readBatch} from "./readBatch.js";
import {publishCompletion, publishConcurrency, publishExitRequest, type Relayer} from "./relayer.js";

/** The first exits of a batch are published while the others are claimed. */
const asksAtOnce = 100;

type ClaimedAsk = {ask: Ask; claim: Claim};

/** Handles one batch of REQUESTS: stores every exit that it asks for, and publishes an exit request or a completion for each. */
export async function handleBatch(relayer: Relayer, delivery: Delivery): Promise<string> {
  const operatorId = delivery.subject.split(".").at(-1) ?? "";
  if (!relayer.operatorIds.includes(operatorId)) {
    throw new DvtError("OPERATOR_UNKNOWN", `handle a batch: participants.json has no operator ${operatorId.slice(0, 32)}`);
  }
  const batch = await readOrReject(relayer, delivery, operatorId);
  const {asks, rejected, unanswered} = await sortWithReload(relayer, batch);
  if (unanswered.length > 0) {
    const {awaited} = relayer.clusters;
    relayer.logger.warn(
      {exits: unanswered.length, clusters: awaited},
      "exits left unanswered until the definitions of these clusters can be read",
    );
  }
  await pMap(rejected, ({exit, code}) => publishCompletion(relayer, toRejection(exit, operatorId, batch.requested_at, code)), {
    concurrency: publishConcurrency,
  });
  for (let start = 0; start < asks.length; start += asksAtOnce)
    await claimAndPublish(relayer, asks.slice(start, start + asksAtOnce));
  return rejected.length > 0 ? "partly rejected" : "claimed";
}

/** A batch that cannot be read is rejected whole, to the operator of its subject. */
async function readOrReject(relayer: Relayer, delivery: Delivery, operatorId: string): Promise<ExitBatch> {
  try {
    return readBatch(delivery);
  } catch (error) {
    if (dispositionOf(error) === "terminate") {
      const {code, message} = error as DvtError;
      await publish(relayer.bus, batchRejection, {
        network: relayer.network.name,
        operator_id: operatorId,
        batch_id: batchIdOf(delivery.data),
        code,
        reason: toSentence(message),
      });
    }
    throw error;
  }
}

type SortedBatch = {
  asks: Ask[];
  rejected: {exit: ExitId; code: RejectionCode}[];
  /** A cluster whose definition cannot be read now may have them; the operator asks for them again. */
  unanswered: ExitId[];
};

/** Sorts a batch, once more after a reload if a validator is unknown or not allowed: the files may have changed a moment ago. */
async function sortWithReload(relayer: Relayer, batch: ExitBatch): Promise<SortedBatch> {
  const sorted = sortBatch(relayer, batch);
  const isCertain = sorted.unanswered.length === 0 && sorted.rejected.every(({code}) => code === "PUBLIC_KEY_INVALID");
  if (!relayer.reload || isCertain) return sorted;
  await relayer.reload();
  return sortBatch(relayer, batch);
}

function sortBatch(relayer: Relayer, batch: ExitBatch): SortedBatch {
  const asks: Ask[] = [];
  const rejected: SortedBatch["rejected"] = [];
  const unanswered: ExitId[] = [];
  const {awaited} = relayer.clusters;
  for (const {public_key: publicKey, validator_index: validatorIndex, deposit} of batch.validators) {
    const exit = {network: relayer.network, publicKey, validatorIndex};
    const cluster = relayer.clusters.byPublicKey(publicKey)?.cluster;
    if (!cluster && !isPublicKey(publicKey)) rejected.push({exit, code: "PUBLIC_KEY_INVALID"});
    else if (!cluster && awaited.length > 0) unanswered.push(exit);
    else if (!cluster) rejected.push({exit, code: "VALIDATOR_UNKNOWN"});
    else if (!cluster.operatorIds.includes(batch.operator_id)) rejected.push({exit, code: "OPERATOR_NOT_ALLOWED"});
    else asks.push({exit, clusterId: cluster.id, operatorId: batch.operator_id, requestedAt: batch.requested_at, deposit});
  }
  return {asks, rejected, unanswered};
}

function isPublicKey(hex: string): boolean {
  try {
    parsePublicKey(fromHex(hex));
    return true;
  } catch {
    return false;
  }
}

async function claimAndPublish(relayer: Relayer, asks: readonly Ask[]): Promise<void> {
  const claims = await relayer.requests.claim(asks, relayer.clock.now(), relayer.reissueAfterMs);
  const claimed = asks.map((ask, position): ClaimedAsk => ({ask, claim: claims[position] as Claim}));
  const exits = claimed.filter(({claim}) => isCurrent(claim)).map(({ask}) => ask.exit);
  const {configHash} = relayer.oracles.current();
  // The requester was stored before this read, and the aggregator reads requesters after storing a result: one of the two publishes it.
  const results = relayer.exits.findResults(exits, configHash);
  const signatures = relayer.deposits.findSignatures(claimed.flatMap(({ask, claim}) => depositsOf(ask, claim)));
  for (const reading of [results, signatures]) reading.catch(() => {});
  const answer = async ({ask, claim}: ClaimedAsk): Promise<void> => {
    const {exit, operatorId, clusterId, requestedAt} = ask;
    if (claim.outcome === "superseded")
      return publishCompletion(relayer, toRejection(exit, operatorId, requestedAt, "EXIT_SUPERSEDED"));
    if (claim.outcome === "unreadable")
      return publishCompletion(relayer, toRejection(exit, operatorId, requestedAt, "REQUEST_UNREADABLE"));
    if (claim.outcome === "expired")
      return publishCompletion(relayer, toRejection(exit, operatorId, requestedAt, "EXIT_EXPIRED"));
    if (claim.outcome === "superseding") {
      const {validatorIndex, requesters, state} = claim.previous;
      // Requesters of an answered exit keep that answer.
      if (state === "open") await publishRejections(relayer, {...exit, validatorIndex}, requesters, "EXIT_SUPERSEDED");
    }
    // A new exit hardly has a result: sidecars are asked while the store is read.
    const isNew = claim.outcome === "current" && claim.isNew;
    if (isNew) await publishExitRequest(relayer, {exit, clusterId, requestedAt, deposit: ask.deposit, dueAt: claim.dueAt});
    const result = (await results).get(exitKeyOf(exit));
    if (result) await publishCompletion(relayer, toCompletion(exit, operatorId, configHash, result));
    await answerDeposit(relayer, ask, claim, await signatures);
    const pending = findPending(exit, claim.deposit, await signatures);
    if (result && !pending) {
      await relayer.requests.markAnswered(exit, configHash, claim.deposit);
      return;
    }
    if (isNew) return;
    // Answered for another oracle set, or before this deposit was asked for: a new answer is needed.
    const now = relayer.clock.now();
    const isAnswered = claim.outcome === "current" && claim.state === "answered";
    if (isAnswered) await relayer.requests.reopen(exit, now, relayer.reissueAfterMs);
    const dueAt = isAnswered ? now + relayer.reissueAfterMs : claim.dueAt;
    // The latest request's, even if an earlier batch is redelivered: refusals count for the latest.
    const latestRequestedAt = claim.outcome === "current" ? claim.requestedAt : requestedAt;
    await publishExitRequest(relayer, {exit, clusterId, requestedAt: latestRequestedAt, dueAt, deposit: pending?.deposit});
  };
  await pMap(claimed, answer, {concurrency: publishConcurrency});
}

const isCurrent = ({outcome}: Claim): boolean => outcome === "current" || outcome === "superseding";
