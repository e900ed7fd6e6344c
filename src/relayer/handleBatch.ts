import pMap from "p-map";
import {batchRejection} from "../../schemas/batchRejection.js";
import {parsePublicKey} from "../bls/curve.js";
import {DvtError, dispositionOf} from "../errors.js";
import {type ExitId, exitKeyOf} from "../exits/exitId.js";
import {type RejectionCode, toRejection} from "../exits/rejections.js";
import type {Delivery} from "../messaging/consume.js";
import {publish} from "../messaging/publish.js";
import {fromHex} from "../runtime/hex.js";
import {logTogether} from "../runtime/logTogether.js";
import {toSentence} from "../runtime/toSentence.js";
import {claimAndPublish, type OrderedAsk} from "./claimAndPublish.js";
import {endOf} from "./findAsked.js";
import {type BatchOrder, batchIdOf, type ReadBatch, readBatch} from "./readBatch.js";
import {publishCompletion, publishConcurrency, type Relayer} from "./relayer.js";

/** The first exits of a batch are published while the others are claimed. */
const ordersAtOnce = 2;

/** Handles one batch of REQUESTS: stores every exit that it asks for, and publishes an exit request or a completion for each. */
export async function handleBatch(relayer: Relayer, delivery: Delivery): Promise<string> {
  const operatorId = delivery.subject.split(".").at(-1) ?? "";
  const operator = relayer.bus.participants().operators.find(({id}) => id === operatorId);
  if (!operator) {
    throw new DvtError("OPERATOR_UNKNOWN", `handle a batch: participants.json has no operator ${operatorId.slice(0, 32)}`);
  }
  const {batch, orders} = await readOrReject(relayer, delivery, operator);
  const {logger, network} = relayer;
  const of = {batch: batch.batch_id, operator_id: operatorId};
  const taken = batch.validators.map((it) => exitKeyOf({network, publicKey: it.public_key, validatorIndex: it.validator_index}));
  logger.info({...of, exits: taken}, "batch taken");
  const {asks, rejected, unanswered} = await sortWithReload(relayer, orders);
  if (unanswered.length > 0) {
    const {awaited} = relayer.clusters;
    logger.warn(
      {...of, exits: unanswered.map(exitKeyOf), clusters: awaited},
      "exits left unanswered until the definitions of these clusters can be read",
    );
  }
  logTogether(
    rejected.map(({exit, code}) => ({...of, code, exit: exitKeyOf(exit)})),
    (fields) => logger.info(fields, "exits rejected"),
  );
  await pMap(rejected, ({exit, code}) => publishCompletion(relayer, toRejection(exit, operatorId, batch.requested_at, code)), {
    concurrency: publishConcurrency,
  });
  // Before the claims: a request whose order is not stored could not be issued again.
  await relayer.orders.add(asks.flatMap(([first]) => first?.of.order ?? []));
  for (let start = 0; start < asks.length; start += ordersAtOnce)
    await claimAndPublish(relayer, batch.batch_id, asks.slice(start, start + ordersAtOnce).flat());
  return rejected.length > 0 ? "partly rejected" : "claimed";
}

/** A batch that cannot be read is rejected whole, to the operator of its subject. */
async function readOrReject(relayer: Relayer, delivery: Delivery, {id, nkey}: {id: string; nkey: string}): Promise<ReadBatch> {
  try {
    return await readBatch(delivery, nkey);
  } catch (error) {
    if (dispositionOf(error) === "terminate") {
      const {code, message} = error as DvtError;
      await publish(relayer.bus, batchRejection, {
        network: relayer.network.name,
        operator_id: id,
        batch_id: batchIdOf(delivery.data),
        code,
        reason: toSentence(message),
      });
    }
    throw error;
  }
}

type SortedBatch = {
  /** By order, without those that nothing is asked of. */
  asks: (readonly OrderedAsk[])[];
  rejected: {exit: ExitId; code: RejectionCode}[];
  /** A cluster whose definition cannot be read now may have them; the operator asks for them again. */
  unanswered: ExitId[];
};

/** Sorts a batch, once more after a reload if a validator is unknown or not allowed: the files may have changed a moment ago. */
async function sortWithReload(relayer: Relayer, orders: readonly BatchOrder[]): Promise<SortedBatch> {
  const sorted = sortBatch(relayer, orders);
  const isCertain = sorted.unanswered.length === 0 && sorted.rejected.every(({code}) => certainCodes.includes(code));
  if (!relayer.reload || isCertain) return sorted;
  await relayer.reload();
  return sortBatch(relayer, orders);
}

/** What no file changes. */
const certainCodes: readonly RejectionCode[] = ["PUBLIC_KEY_INVALID", "ORDER_EXPIRED"];

function sortBatch(relayer: Relayer, orders: readonly BatchOrder[]): SortedBatch {
  const asks: OrderedAsk[][] = [];
  const rejected: SortedBatch["rejected"] = [];
  const unanswered: ExitId[] = [];
  const {awaited} = relayer.clusters;
  for (const of of orders) {
    const {operatorId, requestedAt, digests} = of.order;
    const hasEnded = relayer.clock.isOwnRight() && relayer.clock.now() >= endOf(relayer, of);
    const ofOrder: OrderedAsk[] = [];
    for (const [position, entry] of of.entries.entries()) {
      const {public_key: publicKey, validator_index: validatorIndex, deposit} = entry;
      const exit = {network: relayer.network, publicKey, validatorIndex};
      const cluster = relayer.clusters.byPublicKey(publicKey)?.cluster;
      if (!cluster && !isPublicKey(publicKey)) rejected.push({exit, code: "PUBLIC_KEY_INVALID"});
      else if (!cluster && awaited.length > 0) unanswered.push(exit);
      else if (!cluster) rejected.push({exit, code: "VALIDATOR_UNKNOWN"});
      else if (!cluster.operatorIds.includes(operatorId)) rejected.push({exit, code: "OPERATOR_NOT_ALLOWED"});
      else if (hasEnded) rejected.push({exit, code: "ORDER_EXPIRED"});
      else {
        const ask = {exit, clusterId: cluster.id, operatorId, requestedAt, orderId: of.id, deposit};
        ofOrder.push({of, ask, entry, digest: digests[position] as string});
      }
    }
    if (ofOrder.length > 0) asks.push(ofOrder);
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
