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

/** The first exits of a batch are under way while the others are claimed. */
const asksAtOnce = 100;

type Claimed = {ask: Ask; claim: Claim};

/** Takes one batch from REQUESTS; records every exit it asks for, and publishes an exit request or an answer for each. */
export async function handleBatch(relayer: Relayer, delivery: Delivery): Promise<string> {
  const operatorId = delivery.subject.split(".").at(-1) ?? "";
  if (!relayer.operatorIds.includes(operatorId)) {
    throw new DvtError("OPERATOR_UNKNOWN", `take a batch: participants.json has no operator ${operatorId.slice(0, 32)}`);
  }
  const batch = await readOrReject(relayer, delivery, operatorId);
  const {asks, refused, unanswered} = await sortOutTwice(relayer, batch);
  if (unanswered.length > 0) {
    const {awaited} = relayer.clusters;
    relayer.logger.warn({exits: unanswered.length, clusters: awaited}, "exits left unanswered until these clusters can be read");
  }
  await pMap(refused, ({exit, code}) => publishCompletion(relayer, toRejection(exit, operatorId, batch.requested_at, code)), {
    concurrency: publishConcurrency,
  });
  for (let start = 0; start < asks.length; start += asksAtOnce) await serve(relayer, asks.slice(start, start + asksAtOnce));
  return refused.length > 0 ? "partly refused" : "claimed";
}

/** A batch that cannot be read key by key is answered whole, to the operator of its subject. */
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

type Sorted = {
  asks: Ask[];
  refused: {exit: ExitId; code: RejectionCode}[];
  /** A cluster that cannot be read now may have them: the operator asks again for what nobody answered. */
  unanswered: ExitId[];
};

/** What is not known, or not allowed, may have become so a moment ago. */
async function sortOutTwice(relayer: Relayer, batch: ExitBatch): Promise<Sorted> {
  const sorted = sortOut(relayer, batch);
  const isCertain = sorted.unanswered.length === 0 && sorted.refused.every(({code}) => code === "PUBLIC_KEY_INVALID");
  if (!relayer.reload || isCertain) return sorted;
  await relayer.reload();
  return sortOut(relayer, batch);
}

function sortOut(relayer: Relayer, batch: ExitBatch): Sorted {
  const asks: Ask[] = [];
  const refused: Sorted["refused"] = [];
  const unanswered: ExitId[] = [];
  const {awaited} = relayer.clusters;
  for (const {public_key: publicKey, validator_index: validatorIndex, deposit} of batch.validators) {
    const exit = {network: relayer.network, publicKey, validatorIndex};
    const cluster = relayer.clusters.byPublicKey(publicKey)?.cluster;
    if (!cluster && !isPublicKey(publicKey)) refused.push({exit, code: "PUBLIC_KEY_INVALID"});
    else if (!cluster && awaited.length > 0) unanswered.push(exit);
    else if (!cluster) refused.push({exit, code: "VALIDATOR_UNKNOWN"});
    else if (!cluster.operatorIds.includes(batch.operator_id)) refused.push({exit, code: "OPERATOR_NOT_ALLOWED"});
    else asks.push({exit, clusterId: cluster.id, operatorId: batch.operator_id, requestedAt: batch.requested_at, deposit});
  }
  return {asks, refused, unanswered};
}

function isPublicKey(hex: string): boolean {
  try {
    parsePublicKey(fromHex(hex));
    return true;
  } catch {
    return false;
  }
}

async function serve(relayer: Relayer, asks: readonly Ask[]): Promise<void> {
  const claims = await relayer.requests.claim(asks, relayer.clock.now(), relayer.reissueAfterMs);
  const claimed = asks.map((ask, position): Claimed => ({ask, claim: claims[position] as Claim}));
  const exits = claimed.filter(({claim}) => isCurrent(claim)).map(({ask}) => ask.exit);
  const {configHash} = relayer.oracles.current();
  // The operator was recorded before this read, and the aggregator reads the operators after it wrote: one of us answers.
  const results = relayer.exits.findResults(exits, configHash);
  const signatures = relayer.deposits.findSignatures(claimed.flatMap(({ask, claim}) => depositsOf(ask, claim)));
  for (const reading of [results, signatures]) reading.catch(() => {});
  const answer = async ({ask, claim}: Claimed): Promise<void> => {
    const {exit, operatorId, clusterId, requestedAt} = ask;
    if (claim.outcome === "superseded")
      return publishCompletion(relayer, toRejection(exit, operatorId, requestedAt, "EXIT_SUPERSEDED"));
    if (claim.outcome === "unreadable")
      return publishCompletion(relayer, toRejection(exit, operatorId, requestedAt, "REQUEST_UNREADABLE"));
    if (claim.outcome === "expired")
      return publishCompletion(relayer, toRejection(exit, operatorId, requestedAt, "EXIT_EXPIRED"));
    if (claim.outcome === "superseding") {
      const {validatorIndex, askers, state} = claim.previous;
      // Whoever was answered keeps that answer.
      if (state === "open") await publishRejections(relayer, {...exit, validatorIndex}, askers, "EXIT_SUPERSEDED");
    }
    // There is hardly a result of what nobody ever asked for: it is asked of the sidecars while we look.
    const isNew = claim.outcome === "current" && claim.isNew;
    if (isNew) await publishExitRequest(relayer, {...ask, dueAt: claim.dueAt});
    const result = (await results).get(exitKeyOf(exit));
    if (result) await publishCompletion(relayer, toCompletion(exit, operatorId, configHash, result));
    await answerDeposit(relayer, ask, claim, await signatures);
    const pending = findPending(exit, claim.deposit, await signatures);
    if (result && !pending) {
      await relayer.requests.markAnswered(exit, configHash, claim.deposit);
      return;
    }
    if (isNew) return;
    // Answered, but for another oracle set, or before this deposit was asked for: something is still to come.
    const now = relayer.clock.now();
    const isAnswered = claim.outcome === "current" && claim.state === "answered";
    if (isAnswered) await relayer.requests.reopen(exit, now, relayer.reissueAfterMs);
    const dueAt = isAnswered ? now + relayer.reissueAfterMs : claim.dueAt;
    // The latest, also when an earlier batch comes again: refusals count for the request that is current.
    const current = claim.outcome === "current" ? claim.requestedAt : requestedAt;
    await publishExitRequest(relayer, {exit, clusterId, requestedAt: current, dueAt, deposit: pending?.deposit});
  };
  await pMap(claimed, answer, {concurrency: publishConcurrency});
}

const isCurrent = ({outcome}: Claim): boolean => outcome === "current" || outcome === "superseding";
