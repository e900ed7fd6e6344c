import {exitBatch} from "../../schemas/exitBatch.js";
import {parsePublicKey} from "../bls/curve.js";
import type {Network} from "../consensus/networks.js";
import {exitKeyOf} from "../exits/exitId.js";
import {openBusClock} from "../messaging/busClock.js";
import type {Bus} from "../messaging/connect.js";
import {consume} from "../messaging/consume.js";
import {publish} from "../messaging/publish.js";
import {operatorDurable} from "../messaging/topology.js";
import {waitUntilAlone} from "../messaging/waitUntilAlone.js";
import type {LiveOracles} from "../oracles/liveOracles.js";
import {groupBy} from "../runtime/groupBy.js";
import {fromHex} from "../runtime/hex.js";
import type {Logger} from "../runtime/logger.js";
import {createAwaitedExits} from "./awaitedExits.js";
import {handleCompletion} from "./handleCompletion.js";
import type {ExitsOutcome, OnProgress, RequestedExit} from "./outcome.js";
import {createReceipts} from "./receipts.js";
import {createRequestLogs} from "./requestLogs.js";
import {toBatches} from "./toBatches.js";

/** A request, and the means to make it. */
export type RequestExitsOptions = {
  bus: Bus;
  network: Network;
  operatorId: string;
  /** The aggregator's public nkey: only results that it signed are accepted. */
  aggregatorNkey: string;
  oracles: LiveOracles;
  /** The validators, each key once, with its index and the deposit to be signed with it, if any, or the mark of a rotation. */
  validators: readonly Omit<RequestedExit, "network">[];
  timeoutMs: number;
  /** Unanswered exits are requested again after this long without an answer, each time after twice as long. */
  resendAfterMs: number;
  signal: AbortSignal;
  /** How long another process with this operator id may take to end. */
  patienceMs?: number;
  logger: Logger;
  onProgress?: OnProgress;
};

/**
 * Requests the exits and waits for all: completed (each checked for what the oracles need, and its deposit's signature if one was
 * requested), rejected with the reason, or missing once the time is over or the signal aborts. OPERATOR_ID_IN_USE if another process
 * waits as this operator.
 */
export async function requestExits(options: RequestExitsOptions): Promise<ExitsOutcome> {
  const {bus, network, operatorId, validators, oracles, logger, signal, patienceMs} = options;
  const durable = operatorDurable(operatorId);
  const exclusive = {stream: "COMPLETIONS", durable, who: `operator ${operatorId}`, inUse: "OPERATOR_ID_IN_USE"} as const;
  await waitUntilAlone(bus, {...exclusive, logger, signal, ...(patienceMs !== undefined && {patienceMs})});
  const exits = validators.map(
    ({publicKey, validatorIndex, deposit, rotation}): RequestedExit => ({network, publicKey, validatorIndex, deposit, rotation}),
  );
  const logs = createRequestLogs(logger);
  const receipts = createReceipts(bus, {operatorId, logger});
  const onProgress: OnProgress = (progress) => {
    logs.progressed(progress);
    options.onProgress?.(progress);
  };
  const awaited = createAwaitedExits(exits, onProgress, ({exit, oraclesConfigHash}) => receipts.add(exit, oraclesConfigHash));
  if (signal.aborted) return awaited.outcome();
  // The bus's time: other machines may request the same exits, and one whose clock is behind would be superseded by earlier requests.
  const clock = await openBusClock(bus, {stream: "COMPLETIONS", durables: () => [durable], logger});
  const requestedAtOf = new Map<string, number>();
  const date = (dated: readonly RequestedExit[]): void => {
    const requestedAt = clock.now();
    for (const exit of dated) requestedAtOf.set(exitKeyOf(exit), requestedAt);
  };
  date(exits);
  const batches = new Map<string, {exits: readonly RequestedExit[]; requestedAt: number}>();
  const publicKeys = new Map(validators.map(({publicKey}) => [publicKey, parsePublicKey(fromHex(publicKey))]));
  const send = async (unanswered: readonly RequestedExit[]): Promise<void> => {
    for (const [requestedAt, dated] of groupBy(unanswered, (exit) => requestedAtOf.get(exitKeyOf(exit)) as number)) {
      for (const {batch, exits: chunk} of toBatches(dated, {operatorId, requestedAt, identity: bus.identity})) {
        batches.set(batch.batch_id, {exits: chunk, requestedAt});
        logs.asked(batch.batch_id, chunk);
        await publish(bus, exitBatch, batch);
      }
    }
  };
  try {
    const consumer = await consume(bus, {
      stream: "COMPLETIONS",
      durable,
      concurrency: 64,
      handle: async (delivery) => handleCompletion({...options, ...logs, awaited, batches, publicKeys, requestedAtOf}, delivery),
      logger,
    });
    try {
      await sendUntilAnswered({
        send,
        date,
        awaited,
        oracles,
        signal,
        logger,
        timeoutMs: options.timeoutMs,
        resendAfterMs: options.resendAfterMs,
      });
    } finally {
      await consumer.stop();
    }
  } finally {
    logs.stop();
    await receipts.stop();
    await clock.stop();
  }
  return awaited.outcome();
}

type SendOptions = {
  send: (unanswered: readonly RequestedExit[]) => Promise<void>;
  /** Dates the exits' next order now. */
  date: (exits: readonly RequestedExit[]) => void;
  awaited: ReturnType<typeof createAwaitedExits>;
  oracles: LiveOracles;
  signal: AbortSignal;
  logger: Logger;
  timeoutMs: number;
  resendAfterMs: number;
};

const shortestGatherMs = 200;
const longestGatherMs = 60_000;

/** Requests unanswered exits again and again, which heals lost batches as well as lost completions; orders anew those whose orders expired. */
async function sendUntilAnswered(options: SendOptions): Promise<void> {
  const {send, date, awaited, oracles, signal, logger, timeoutMs, resendAfterMs} = options;
  const deadline = performance.now() + timeoutMs;
  let quietMs = resendAfterMs;
  let gatherMs = shortestGatherMs;
  let toSend = awaited.unanswered();
  for (let first = true; ; first = false) {
    try {
      await send(toSend);
    } catch (error) {
      // The first batch fails at once; later ones are retried, as NATS may be unavailable for a while.
      if (first) throw error;
      logger.warn({error: (error as Error).message}, "batch not published, will be retried");
    }
    const waited = await awaited.waitForAnswers({quietMs, gatherMs, untilMs: deadline, signal});
    const reopened = awaited.reopenForSet(oracles.current().configHash);
    if (reopened > 0)
      logger.warn({reopened}, "the oracle set has changed, waiting again for exits that were answered for another one");
    if (waited === "over" || (waited === "all" && reopened === 0)) return;
    if (waited === "expired") {
      const expired = awaited.takeExpired();
      date(expired);
      logger.info({exits: expired.map(exitKeyOf)}, "orders have expired at the relayer, ordering their exits again");
      toSend = expired;
      quietMs = resendAfterMs;
      gatherMs = Math.min(gatherMs * 2, longestGatherMs);
    } else {
      toSend = awaited.unanswered();
      logger.info({unanswered: toSend.length}, "requesting unanswered exits again");
      quietMs *= 2;
    }
  }
}
