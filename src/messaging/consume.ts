import {setTimeout as delay} from "node:timers/promises";
import {ConsumerDebugEvents, type ConsumerMessages, type JsMsg} from "nats";
import type {StreamName} from "../../schemas/defineMessage.js";
import {DvtError, dispositionOf, type ErrorCode} from "../errors.js";
import {type Allowance, type Balance, openBalance} from "../runtime/allowance.js";
import type {Logger} from "../runtime/logger.js";
import {createSlots, type Slots} from "../runtime/slots.js";
import type {Bus} from "./connect.js";
import {getConsumer} from "./consumer.js";
import {exitIn, publishDeadLetter} from "./deadLetter.js";
import {createDropLog, floodCode} from "./dropLog.js";
import type {MessageCounts} from "./messageCounts.js";
import {createPendingMessages} from "./pendingMessages.js";
import {createRetryLog, type RetryLog} from "./retryLog.js";
import {verifyMessage} from "./signature.js";
import {type ConsumerWatch, watchConsumer} from "./watchConsumer.js";

export type Delivery = {
  readonly subject: string;
  readonly data: Uint8Array;
  /** When the broker stored it. */
  readonly timestampMs: number;
};

/** Does the message's work and returns a word for what came of it. Only DvtErrors are expected to be thrown. */
export type Handler = (delivery: Delivery) => Promise<string>;

export type ConsumeOptions = {
  stream: StreamName;
  durable: string;
  /** Handlers at work at once. */
  concurrency: number;
  /** Where several consumers share them. */
  slots?: Slots;
  handle: Handler;
  /** Looks at what is known of others again; a message of somebody or something unknown is tried once more after it. */
  reload?: (() => Promise<void>) | undefined;
  /** So many are refused one by one, each with a dead letter; beyond that they are put aside unread. */
  refusals?: Allowance;
  /** The words of `handle` for messages that led somewhere, and how many others are taken; beyond that they are taken slowly. */
  useful?: {words: readonly string[]; others: Allowance};
  counts?: MessageCounts | undefined;
  logger: Logger;
};

const maxBugDeliveries = 5;
/** Not longer: a queue is to be empty soon after what its messages waited for is back, however long that was away. */
const retryAfterMs = (deliveries: number): number => Math.min(5000, 250 * 2 ** Math.min(deliveries - 1, 5));
/** Enough to show what is wrong with an honest sender; from then on one in 50 s, and one more for each that leads somewhere. */
const refusalsOfOne: Allowance = {burst: 256, perSecond: 0.02};
/** What is put aside costs the server a little too, and leaves room for more of it. */
const putAsidePauseMs = 500;

/**
 * Hands every message of a durable consumer to `handle` and settles it by what came of it: the one place where messages are
 * acknowledged, retried, put aside and dead-lettered. STREAMS_MISSING when there is no such consumer. Call stop() before the bus closes.
 */
export async function consume(bus: Bus, options: ConsumeOptions): Promise<{stop(): Promise<void>}> {
  const {stream, durable, concurrency, logger, slots = createSlots(concurrency), refusals = refusalsOfOne, useful} = options;
  const consumer = await getConsumer(bus, stream, durable);
  const ackWaitMs = ((await consumer.info(true)).config.ack_wait ?? 30e9) / 1e6;
  const delivered = createPendingMessages();
  const inFlight = new Map<JsMsg, Promise<void>>();
  const dropped = createDropLog(bus, stream, logger);
  const account: Account = {
    refusals: openBalance(refusals),
    ...(useful && {useless: openBalance(useful.others)}),
    retries: createRetryLog(logger),
  };
  const stopping = new AbortController();
  const {signal} = stopping;
  const pause = (ms: number) => delay(ms, undefined, {signal}).catch(() => {});
  let messages: ConsumerMessages | undefined;
  let hasPutAside = false;
  let isAsking = false;
  const watch = watchConsumer(bus, options, {awaits: () => isAsking, begin: () => messages?.stop()});

  /** Asks for no more than can be held and prolonged here: half of them at work, the others next. */
  const take = async (): Promise<void> => {
    while (!signal.aborted) {
      await delivered.untilAtMost(concurrency);
      if (hasPutAside) await pause(putAsidePauseMs);
      hasPutAside = false;
      if (signal.aborted) return;
      try {
        // The short heartbeat notices within seconds that a stream was deleted and made again; the default takes most of a minute.
        const max_messages = 2 * concurrency - delivered.size();
        messages = await consumer.fetch({max_messages, expires: 4000, idle_heartbeat: 1000});
        if (signal.aborted) messages.stop();
        void hearOf(messages, watch);
        isAsking = true;
        for await (const message of messages) {
          watch.heard();
          delivered.add(message);
        }
      } catch (error) {
        if (signal.aborted) return;
        watch.interrupted(String(error));
        await pause(500);
      } finally {
        isAsking = false;
      }
    }
  };
  const work = async (): Promise<void> => {
    for (;;) {
      const message = await delivered.next();
      if (!message) return;
      // The less is left of its allowance, the fewer at once: those at work may be refused too.
      while (inFlight.size >= Math.min(concurrency, Math.max(1, account.refusals.left()))) await Promise.race(inFlight.values());
      if (account.refusals.left() < 1) {
        hasPutAside = true;
        message.term(floodCode);
        dropped.add(message);
        options.counts?.refused(stream, floodCode);
        delivered.settled(message);
        continue;
      }
      const emptyForMs = account.useless?.emptyForMs() ?? 0;
      if (emptyForMs > 0) await pause(emptyForMs);
      await slots.take();
      const settled = (signal.aborted ? giveBack(message) : settle(bus, message, options, account)).finally(() => {
        slots.give();
        inFlight.delete(message);
        delivered.settled(message);
      });
      inFlight.set(message, settled);
    }
  };
  const running = [take(), work()];
  const keepAlive = setInterval(delivered.prolong, ackWaitMs / 3);

  return {
    async stop() {
      stopping.abort();
      watch.stop();
      // Leaving the loop with break and closing the connection would hang: stop() ends the iterator.
      messages?.stop();
      for (const message of delivered.close()) await giveBack(message);
      await Promise.all(running);
      await Promise.all(inFlight.values());
      clearInterval(keepAlive);
      await dropped.stop();
    },
  };
}

/** An idle consumer says of each pull that it is over. */
async function hearOf(messages: ConsumerMessages, watch: ConsumerWatch): Promise<void> {
  for await (const {type} of await messages.status()) if (type === ConsumerDebugEvents.Discard) watch.heard();
}

/** To whoever asks next, at once. */
const giveBack = async (message: JsMsg): Promise<void> => message.nak();

/** What is left of what is let be of a consumer's messages, and what was said of those that come again. */
type Account = {readonly refusals: Balance; readonly useless?: Balance; readonly retries: RetryLog};

/** Never rejects: what cannot be settled now is delivered again. */
async function settle(bus: Bus, message: JsMsg, options: ConsumeOptions, account: Account): Promise<void> {
  const {logger, stream, useful, counts} = options;
  // Read for the log alone, so only where something is logged.
  const about = () => ({stream, subject: message.subject, exit: exitIn(message.data)});
  const {redeliveryCount: deliveries} = message.info;
  try {
    const outcome = await verifyAndHandle(bus, message, options);
    if (logger.isLevelEnabled("debug")) logger.debug({...about(), outcome}, "message handled");
    // Not ackAck, which waits for the server to say that it counted it: one that is lost costs no more than to do it again.
    message.ack();
    counts?.handled(stream, outcome);
    if (!useful || useful.words.includes(outcome)) account.refusals.earn();
    else account.useless?.spend();
  } catch (error) {
    const disposition = dispositionOf(error);
    if (disposition !== "retry") account.refusals.spend();
    if (disposition === "terminate" || (disposition === undefined && deliveries >= maxBugDeliveries)) {
      const isTerminated = await terminate(bus, message, error, {...about(), deliveries}, logger);
      if (isTerminated) counts?.refused(stream, codeOf(error));
      else counts?.retried(stream, codeOf(error));
      return;
    }
    const {message: reason, stack} = error as Error;
    if (disposition === "retry") account.retries.add(codeOf(error), reason, {...about(), deliveries});
    else logger.error({...about(), deliveries, code: codeOf(error), error: reason, stack}, "message failed, will be tried again");
    message.nak(retryAfterMs(deliveries));
    counts?.retried(stream, codeOf(error));
  }
}

/** Who takes part may have changed a moment ago, and we not have seen it yet. */
const unknowns: readonly string[] = [
  "SIGNATURE_INVALID",
  "OPERATOR_UNKNOWN",
  "CLUSTER_UNKNOWN",
  "VALIDATOR_UNKNOWN",
  "SHARE_INDEX_UNKNOWN",
] satisfies ErrorCode[];

async function verifyAndHandle(bus: Bus, message: JsMsg, {handle, reload}: ConsumeOptions): Promise<string> {
  const attempt = async (): Promise<string> => {
    await verifyMessage(bus.publishers(message.subject), message.subject, message.data, message.headers);
    const timestampMs = Math.floor(message.info.timestampNanos / 1e6);
    return handle({subject: message.subject, data: message.data, timestampMs});
  };
  try {
    return await attempt();
  } catch (error) {
    if (!reload || !unknowns.includes(codeOf(error))) throw error;
    await reload();
    return attempt();
  }
}

/** False where its dead letter could not be published: the message comes again. */
async function terminate(bus: Bus, message: JsMsg, error: unknown, about: object, logger: Logger): Promise<boolean> {
  const code = codeOf(error);
  const reason = (error as Error).message;
  logger.warn({...about, code, reason}, "message refused");
  try {
    await publishDeadLetter(bus, message, {code, reason});
    message.term(code);
    return true;
  } catch (failure) {
    logger.warn({...about, error: (failure as Error).message}, "dead letter not published, the message will come again");
    message.nak(1000);
    return false;
  }
}

const codeOf = (error: unknown): string => (error instanceof DvtError ? error.code : "INTERNAL");
