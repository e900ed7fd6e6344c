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

/** One delivery of a message. */
export type Delivery = {
  readonly subject: string;
  readonly data: Uint8Array;
  /** When the stream stored it. */
  readonly timestampMs: number;
};

/** Processes one message and returns a word for the outcome; throws only DvtErrors. */
export type Handler = (delivery: Delivery) => Promise<string>;

/** A durable consumer, its handler, and limits. */
export type ConsumeOptions = {
  stream: StreamName;
  durable: string;
  /** How many handlers may run at once. */
  concurrency: number;
  /** Shared by several consumers, if they share handlers. */
  slots?: Slots;
  handle: Handler;
  /** Reloads participants and clusters; a message of an unknown sender, cluster or validator is handled once more afterwards. */
  reload?: (() => Promise<void>) | undefined;
  /** Limits messages that become dead letters; beyond it, messages are dropped unread. */
  deadLetters?: Allowance;
  /** The outcomes of messages that changed something, and the limit of others; beyond it, handling slows down. */
  useful?: {outcomes: readonly string[]; others: Allowance};
  counts?: MessageCounts | undefined;
  logger: Logger;
};

const maxBugDeliveries = 5;
/** At most 5 s: after an outage, however long, the queue is to be empty soon. */
const retryAfterMs = (deliveries: number): number => Math.min(5000, 250 * 2 ** Math.min(deliveries - 1, 5));
/** Enough to show what is wrong with an honest sender; then one in 50 s, and one more for each useful message. */
const deadLettersOfOneSender: Allowance = {burst: 256, perSecond: 0.02};
/** Dropping costs the server something too, and each drop makes room for another message. */
const dropPauseMs = 500;

/**
 * Passes every message of a durable consumer to `handle` and settles it by the outcome: the only place where messages are acked,
 * retried, dead-lettered or dropped. STREAMS_MISSING if there is no such consumer. Call stop() before the bus closes.
 */
export async function consume(bus: Bus, options: ConsumeOptions): Promise<{stop(): Promise<void>}> {
  const {
    stream,
    durable,
    concurrency,
    logger,
    slots = createSlots(concurrency),
    deadLetters = deadLettersOfOneSender,
    useful,
  } = options;
  const consumer = await getConsumer(bus, stream, durable);
  const ackWaitMs = ((await consumer.info(true)).config.ack_wait ?? 30e9) / 1e6;
  const pending = createPendingMessages();
  const inFlight = new Map<JsMsg, Promise<void>>();
  const dropLog = createDropLog(bus, stream, logger);
  const balances: Balances = {
    deadLetters: openBalance(deadLetters),
    ...(useful && {useless: openBalance(useful.others)}),
    retries: createRetryLog(logger),
  };
  const stopping = new AbortController();
  const {signal} = stopping;
  const pause = (ms: number) => delay(ms, undefined, {signal}).catch(() => {});
  let messages: ConsumerMessages | undefined;
  let hasDropped = false;
  let isPulling = false;
  const watch = watchConsumer(bus, options, {isPulling: () => isPulling, restart: () => messages?.stop()});

  /** Pulls no more than twice the concurrency: half of the messages being handled, the others next. */
  const pull = async (): Promise<void> => {
    while (!signal.aborted) {
      await pending.untilAtMost(concurrency);
      if (hasDropped) await pause(dropPauseMs);
      hasDropped = false;
      if (signal.aborted) return;
      try {
        // The short heartbeat detects within seconds that a stream was recreated; the default takes most of a minute.
        const max_messages = 2 * concurrency - pending.size();
        messages = await consumer.fetch({max_messages, expires: 4000, idle_heartbeat: 1000});
        if (signal.aborted) messages.stop();
        void watchPull(messages, watch);
        isPulling = true;
        for await (const message of messages) {
          watch.received();
          pending.add(message);
        }
      } catch (error) {
        if (signal.aborted) return;
        watch.interrupted(String(error));
        await pause(500);
      } finally {
        isPulling = false;
      }
    }
  };
  const work = async (): Promise<void> => {
    for (;;) {
      const message = await pending.next();
      if (!message) return;
      // The less is left of the allowance, the fewer run at once: any of them may become a dead letter.
      while (inFlight.size >= Math.min(concurrency, Math.max(1, balances.deadLetters.left())))
        await Promise.race(inFlight.values());
      if (balances.deadLetters.left() < 1) {
        hasDropped = true;
        message.term(floodCode);
        dropLog.add(message);
        options.counts?.refused(stream, floodCode);
        pending.settled(message);
        continue;
      }
      const emptyForMs = balances.useless?.emptyForMs() ?? 0;
      if (emptyForMs > 0) await pause(emptyForMs);
      await slots.take();
      const settled = (signal.aborted ? giveBack(message) : settle(bus, message, options, balances)).finally(() => {
        slots.give();
        inFlight.delete(message);
        pending.settled(message);
      });
      inFlight.set(message, settled);
    }
  };
  const running = [pull(), work()];
  const keepAlive = setInterval(pending.prolong, ackWaitMs / 3);

  return {
    async stop() {
      stopping.abort();
      watch.stop();
      // Only stop() ends the iterator: closing the connection after a break would hang.
      messages?.stop();
      for (const message of pending.close()) await giveBack(message);
      await Promise.all(running);
      await Promise.all(inFlight.values());
      clearInterval(keepAlive);
      await dropLog.stop();
    },
  };
}

/** The server ends each pull of an idle consumer with a status message. */
async function watchPull(messages: ConsumerMessages, watch: ConsumerWatch): Promise<void> {
  for await (const {type} of await messages.status()) if (type === ConsumerDebugEvents.Discard) watch.received();
}

/** The server redelivers it at once, to whichever process pulls next. */
const giveBack = async (message: JsMsg): Promise<void> => message.nak();

/** The rest of a consumer's allowances, and the log of its retries. */
type Balances = {readonly deadLetters: Balance; readonly useless?: Balance; readonly retries: RetryLog};

/** Never rejects: a message that cannot be settled now is redelivered. */
async function settle(bus: Bus, message: JsMsg, options: ConsumeOptions, balances: Balances): Promise<void> {
  const {logger, stream, useful, counts} = options;
  // A function, so that messages are parsed only to be logged.
  const about = () => ({stream, subject: message.subject, exit: exitIn(message.data)});
  const {redeliveryCount: deliveries} = message.info;
  try {
    const outcome = await verifyAndHandle(bus, message, options);
    if (logger.isLevelEnabled("debug")) logger.debug({...about(), outcome}, "message handled");
    // Not ackAck, which waits for the server's confirmation: if an ack is lost, the message is handled once more.
    message.ack();
    counts?.handled(stream, outcome);
    if (!useful || useful.outcomes.includes(outcome)) balances.deadLetters.earn();
    else balances.useless?.spend();
  } catch (error) {
    const disposition = dispositionOf(error);
    if (disposition !== "retry") balances.deadLetters.spend();
    if (disposition === "terminate" || (disposition === undefined && deliveries >= maxBugDeliveries)) {
      const isTerminated = await terminate(bus, message, error, {...about(), deliveries}, logger);
      if (isTerminated) counts?.refused(stream, codeOf(error));
      else counts?.retried(stream, codeOf(error));
      return;
    }
    const {message: reason, stack} = error as Error;
    if (disposition === "retry") balances.retries.add(codeOf(error), reason, () => ({...about(), deliveries}));
    else logger.error({...about(), deliveries, code: codeOf(error), error: reason, stack}, "message failed, will be retried");
    message.nak(retryAfterMs(deliveries));
    counts?.retried(stream, codeOf(error));
  }
}

/** Codes that a reload may heal: the files may have changed a moment ago. */
const unknownCodes: readonly string[] = [
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
    if (!reload || !unknownCodes.includes(codeOf(error))) throw error;
    await reload();
    return attempt();
  }
}

/** False if the dead letter could not be published, and the message will be redelivered. */
async function terminate(bus: Bus, message: JsMsg, error: unknown, about: object, logger: Logger): Promise<boolean> {
  const code = codeOf(error);
  const reason = (error as Error).message;
  logger.warn({...about, code, reason}, "message sent to dead letters");
  try {
    await publishDeadLetter(bus, message, {code, reason});
    message.term(code);
    return true;
  } catch (failure) {
    logger.warn({...about, error: (failure as Error).message}, "dead letter not published, the message will be redelivered");
    message.nak(1000);
    return false;
  }
}

const codeOf = (error: unknown): string => (error instanceof DvtError ? error.code : "INTERNAL");
