import type {Deposit} from "../../schemas/deposit.js";
import {exitBatch} from "../../schemas/exitBatch.js";
import {parsePublicKey} from "../bls/curve.js";
import type {Network} from "../consensus/networks.js";
import {openBusClock} from "../messaging/busClock.js";
import type {Bus} from "../messaging/connect.js";
import {consume} from "../messaging/consume.js";
import {publish} from "../messaging/publish.js";
import {operatorDurable} from "../messaging/topology.js";
import {waitUntilAlone} from "../messaging/waitUntilAlone.js";
import type {LiveOracles} from "../oracles/liveOracles.js";
import {fromHex} from "../runtime/hex.js";
import type {Logger} from "../runtime/logger.js";
import {createAwaitedExits} from "./awaitedExits.js";
import {handleCompletion} from "./handleCompletion.js";
import type {ExitsOutcome, OnProgress, WantedExit} from "./outcome.js";
import {toBatches} from "./toBatches.js";

export type RequestExitsOptions = {
  bus: Bus;
  network: Network;
  operatorId: string;
  /** The aggregator's public nkey: its results alone are believed. */
  aggregatorNkey: string;
  oracles: LiveOracles;
  /** Each with the index it will get, and the deposit to be signed too, if any; a key stands once. */
  validators: readonly {publicKey: string; validatorIndex: number; deposit?: Deposit | undefined}[];
  timeoutMs: number;
  /** What is unanswered is sent again when nothing came for this long; every time twice as long. */
  resendAfterMs: number;
  signal: AbortSignal;
  /** For another process that waits under this operator id, to end. */
  patienceMs?: number;
  logger: Logger;
  onProgress?: OnProgress;
};

/**
 * Asks for the exits and awaits them all: completed (each checked to be what the oracles need, with a
 * deposit that the validator's key signed where one was asked for), rejected with the reason, or
 * missing when the time is over or the signal aborts. OPERATOR_ID_IN_USE when somebody else waits under this operator id.
 */
export async function requestExits(options: RequestExitsOptions): Promise<ExitsOutcome> {
  const {bus, network, operatorId, validators, oracles, logger, signal, patienceMs} = options;
  const durable = operatorDurable(operatorId);
  const exclusive = {stream: "COMPLETIONS", durable, who: `operator ${operatorId}`, inUse: "OPERATOR_ID_IN_USE"} as const;
  await waitUntilAlone(bus, {...exclusive, logger, signal, ...(patienceMs !== undefined && {patienceMs})});
  const exits = validators.map((validator): WantedExit => ({network, ...validator}));
  const awaited = createAwaitedExits(exits, options.onProgress);
  if (signal.aborted) return awaited.outcome();
  // The bus's time, for others ask for the same exits: a machine whose clock is behind would be superseded by every one before it.
  const clock = await openBusClock(bus, {stream: "COMPLETIONS", durables: () => [durable], logger});
  await clock.stop();
  const requestedAt = clock.now();
  const batches = new Map<string, readonly WantedExit[]>();
  const publicKeys = new Map(validators.map(({publicKey}) => [publicKey, parsePublicKey(fromHex(publicKey))]));
  const consumer = await consume(bus, {
    stream: "COMPLETIONS",
    durable,
    concurrency: 64,
    handle: async (delivery) => handleCompletion({...options, awaited, batches, publicKeys, requestedAt}, delivery),
    logger,
  });
  const send = async (unanswered: readonly WantedExit[]): Promise<void> => {
    for (const {batch, exits: chunk} of toBatches(unanswered, operatorId, requestedAt)) {
      batches.set(batch.batch_id, chunk);
      await publish(bus, exitBatch, batch);
    }
  };
  try {
    await sendUntilAnswered({
      send,
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
  return awaited.outcome();
}

type Sending = {
  send: (unanswered: readonly WantedExit[]) => Promise<void>;
  awaited: ReturnType<typeof createAwaitedExits>;
  oracles: LiveOracles;
  signal: AbortSignal;
  logger: Logger;
  timeoutMs: number;
  resendAfterMs: number;
};

/** A batch that NATS or the relayer lost, and an answer that was lost, are healed alike: by asking again for what is unanswered. */
async function sendUntilAnswered({send, awaited, oracles, signal, logger, timeoutMs, resendAfterMs}: Sending): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  let quietMs = resendAfterMs;
  for (let first = true; ; first = false) {
    const unanswered = awaited.unanswered();
    if (!first) logger.info({unanswered: unanswered.length}, "asking again for what is unanswered");
    try {
      await send(unanswered);
    } catch (error) {
      // The first batch tells at once that nobody can take it; later ones find NATS away and try again.
      if (first) throw error;
      logger.warn({error: (error as Error).message}, "batch not sent, will be tried again");
    }
    const waited = await awaited.allAnswered({quietMs, untilMs: deadline, signal});
    const reopened = awaited.reopenOthers(oracles.current().configHash);
    if (reopened > 0)
      logger.warn({exits: reopened}, "the oracle set has changed, what was answered for another one is awaited again");
    if (waited === "over" || (waited === "all" && reopened === 0)) return;
    quietMs *= 2;
  }
}
