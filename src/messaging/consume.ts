import {setTimeout as delay} from "node:timers/promises";
import {ConsumerDebugEvents, type ConsumerMessages, type JsMsg} from "nats";
import type {StreamName} from "../../schemas/defineMessage.js";
import {DvtError, dispositionOf, type ErrorCode} from "../errors.js";
import {type Allowance, type Balance, openBalance} from "../runtime/allowance.js";
import type {Logger} from "../runtime/logger.js";
import {createSlots, type Slots} from "../runtime/slots.js";
import {createWaitLog, type WaitLog} from "../runtime/waitLog.js";
import type {Bus} from "./connect.js";
import {getConsumer} from "./consumer.js";
import {exitIn} from "./deadLetter.js";
import {createDeadLetterPublisher, type PublishOrLog} from "./deadLetterPublisher.js";
import {createDropLog} from "./dropLog.js";
import type {EntryWatch} from "./entryWatch.js";
import type {MessageCounts} from "./messageCounts.js";
import {createPartlySettled, type PartlySettled} from "./partlySettled.js";
import {createPassedOn, type PassedOn} from "./passedOn.js";
import {createPendingMessages, keyOf} from "./pendingMessages.js";
import {verifyMessage} from "./signature.js";
import {type ConsumerWatch, watchConsumer} from "./watchConsumer.js";

/** One delivery of a message. */
export type Delivery = {
  readonly subject: string;
  readonly data: Uint8Array;
  /** When the stream stored it. */
  readonly timestampMs: number;
  /** The positions of entries that an earlier delivery settled: nothing is left to do for them. */
  readonly settled?: ReadonlySet<number>;
};

/** The outcome of one entry of a message that carries many: a word, or why it failed. `exit`: exit_key, for its dead letter. */
export type EntryOutcome = {readonly exit?: string | undefined; readonly outcome: string | Error};

/**
 * Processes one message and returns a word for the outcome, or the outcome of each entry in their order; throws only DvtErrors, for
 * the whole message.
 */
export type Handler = (delivery: Delivery) => Promise<string | readonly EntryOutcome[]>;

/** A durable consumer, its handler, and limits. */
export type ConsumeOptions = {
  stream: StreamName;
  durable: string;
  /** How many entries may be handled at once. */
  concurrency: number;
  /** At least how many entries a message has, from its length in bytes; 1 without it. */
  weigh?: (bytes: number) => number;
  /** The most messages that are kept here, if not twice the concurrency. */
  mostPulled?: number;
  /** Counted in entries. Shared by several consumers, if they share handlers. */
  slots?: Slots;
  handle: Handler;
  /** Reloads participants and clusters; a message of an unknown sender, cluster or validator is handled once more afterwards. */
  reload?: (() => Promise<void>) | undefined;
  /** Limits messages that become dead letters; beyond it, messages are dropped unread. */
  deadLetters?: Allowance;
  /** Codes of what the sender only passes on: refusals with these spend nothing of its limit. */
  passedOn?: readonly ErrorCode[];
  /** The outcomes of messages that changed something, and the limit of others; beyond it, handling slows down. */
  useful?: {outcomes: readonly string[]; others: Allowance};
  counts?: MessageCounts | undefined;
  entryWatch?: EntryWatch | undefined;
  logger: Logger;
};

/** Deliveries that end with a bug before a message is given up. */
const maxBugs = 5;
/** At most 5 s: after an outage, however long, the queue is to be empty soon. */
const retryAfterMs = (deliveries: number): number => Math.min(5000, 250 * 2 ** Math.min(deliveries - 1, 5));
/** Enough to show what is wrong with an honest sender; then one in 50 s, and one more for each useful message. */
const deadLettersOfOneSender: Allowance = {burst: 256, perSecond: 0.02};
const retried = {
  begins: "message will be retried",
  goesOn: "messages are still retried",
  ends: "no message waits for this reason any more",
};
const flood = {
  code: "SENDER_FLOODS" satisfies ErrorCode,
  reason: "dropped unread: too many of this sender's messages were invalid; the letters before this one say why",
  logged: "messages dropped unread",
};
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
    weigh = () => 1,
    mostPulled = 2 * concurrency,
    slots = createSlots(concurrency),
    deadLetters = deadLettersOfOneSender,
    passedOn: codes = [],
    useful,
  } = options;
  const consumer = await getConsumer(bus, stream, durable);
  const ackWaitMs = ((await consumer.info(true)).config.ack_wait ?? 30e9) / 1e6;
  const pending = createPendingMessages();
  const inFlight = new Map<JsMsg, Promise<void>>();
  let entriesInFlight = 0;
  const publishOrLog = createDeadLetterPublisher(bus, stream, logger);
  const reporting = {stream, logger, publishOrLog};
  const dropLog = createDropLog(reporting, flood);
  const balances: Balances = {
    deadLetters: openBalance(deadLetters),
    passedOn: createPassedOn({...reporting, codes, allowance: deadLetters}),
    publishOrLog,
    ...(useful && {useless: openBalance(useful.others)}),
    retries: createWaitLog(logger, {...retried, fields: {stream}}),
    partly: createPartlySettled(),
  };
  const stopping = new AbortController();
  const {signal} = stopping;
  const pause = (ms: number) => delay(ms, undefined, {signal}).catch(() => {});
  let messages: ConsumerMessages | undefined;
  let hasDropped = false;
  let isPulling = false;
  const watch = watchConsumer(bus, options, {isPulling: () => isPulling, restart: () => messages?.stop()});

  /** Half of the messages are being handled, the others next. */
  const pull = async (): Promise<void> => {
    while (!signal.aborted) {
      await pending.untilAtMost(Math.floor(mostPulled / 2));
      if (hasDropped) await pause(dropPauseMs);
      hasDropped = false;
      if (signal.aborted) return;
      try {
        // The short heartbeat detects within seconds that a stream was recreated; the default takes most of a minute.
        const max_messages = mostPulled - pending.size();
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
      const entries = Math.min(concurrency, weigh(message.data.length));
      // The less is left of the allowance, the fewer run at once: any of them may become a dead letter.
      const hasRoom = () => entriesInFlight + entries <= Math.min(concurrency, balances.deadLetters.left());
      while (inFlight.size > 0 && !hasRoom()) await Promise.race(inFlight.values());
      if (balances.deadLetters.left() < 1) {
        hasDropped = true;
        message.term(flood.code);
        dropLog.add(message);
        options.counts?.refused(stream, flood.code);
        options.entryWatch?.refused(keyOf(message), flood.code);
        pending.settled(message);
        continue;
      }
      const emptyForMs = balances.useless?.emptyForMs() ?? 0;
      if (emptyForMs > 0) await pause(emptyForMs);
      await slots.take(entries);
      entriesInFlight += entries;
      const settled = (signal.aborted ? giveBack(message) : settle(bus, message, options, balances)).finally(() => {
        slots.give(entries);
        entriesInFlight -= entries;
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
      balances.retries.stop();
      await dropLog.stop();
      await balances.passedOn.stop();
    },
  };
}

/** The server ends each pull of an idle consumer with a status message. */
async function watchPull(messages: ConsumerMessages, watch: ConsumerWatch): Promise<void> {
  for await (const {type} of await messages.status()) if (type === ConsumerDebugEvents.Discard) watch.received();
}

/** The server redelivers it at once, to whichever process pulls next. */
const giveBack = async (message: JsMsg): Promise<void> => message.nak();

/** The rest of a consumer's allowances, the log of its retries, and what is settled of messages that are delivered again. */
type Balances = {
  readonly deadLetters: Balance;
  readonly passedOn: PassedOn;
  readonly publishOrLog: PublishOrLog;
  readonly useless?: Balance;
  readonly retries: WaitLog;
  readonly partly: PartlySettled;
};

/** Never rejects: a message that cannot be settled now is redelivered, and only its entries that are left are handled then. */
async function settle(bus: Bus, message: JsMsg, options: ConsumeOptions, balances: Balances): Promise<void> {
  const {logger, stream, counts, entryWatch} = options;
  const {redeliveryCount: deliveries} = message.info;
  // A function, so that messages are parsed only to be logged.
  const about = (exit: string | undefined) => ({
    stream,
    subject: message.subject,
    exits: [exit ?? exitIn(message.data) ?? []].flat(),
  });
  const progress = balances.partly.of(message);
  const {settled} = progress;
  const outcomes = await verifyAndHandle(bus, message, {options, settled, passedOn: balances.passedOn});
  if ([...outcomes.values()].some(({outcome}) => outcome instanceof Error && dispositionOf(outcome) === undefined))
    progress.bugs++;
  const endWait = (entry: string): void => {
    balances.retries.settled(entry);
    entryWatch?.handled(entry);
  };
  if (!outcomes.has(wholeMessage)) endWait(entryOf(message, wholeMessage));
  let isLeft = false;
  for (const [position, {exit, outcome}] of outcomes) {
    const entry = exit ?? entryOf(message, position);
    if (typeof outcome === "string") {
      if (logger.isLevelEnabled("debug")) logger.debug({...about(exit), outcome}, "message handled");
      counts?.handled(stream, outcome);
      endWait(entry);
      spendFor(outcome, options, balances);
      settled.add(position);
      continue;
    }
    const code = codeOf(outcome);
    const disposition = dispositionOf(outcome);
    if (disposition !== "retry" && !balances.passedOn.has(code)) balances.deadLetters.spend();
    if (disposition === "terminate" || (disposition === undefined && progress.bugs >= maxBugs)) {
      const report = () => reportDead(message, {exit, error: outcome}, {...about(exit), deliveries}, {...balances, logger});
      if (await reportOrCount(balances.passedOn, code, message, report)) {
        counts?.refused(stream, code);
        balances.retries.settled(entry);
        entryWatch?.refused(entry, code);
        settled.add(position);
        continue;
      }
    } else if (disposition === "retry") {
      const aboutEntry = () => ({...about(exit), deliveries});
      balances.retries.waits(entry, {code}, outcome.message, aboutEntry);
      if (logger.isLevelEnabled("debug")) logger.debug({...aboutEntry(), code, error: outcome.message}, retried.begins);
    } else {
      const {message: reason, stack} = outcome;
      logger.error({...about(exit), deliveries, code, error: reason, stack}, "message failed, will be retried");
    }
    counts?.retried(stream, code);
    entryWatch?.retried(entry, code);
    isLeft = true;
  }
  if (isLeft) {
    balances.partly.keep(message, progress);
    message.nak(retryAfterMs(deliveries));
    return;
  }
  balances.partly.drop(message);
  const [first] = outcomes.values();
  // Not ackAck, which waits for the server's confirmation: if an ack is lost, the message is handled once more.
  if (first && [...outcomes.values()].every(({outcome}) => outcome instanceof Error)) message.term(codeOf(first.outcome));
  else message.ack();
}

function spendFor(outcome: string, {useful}: ConsumeOptions, balances: Balances): void {
  if (!useful || useful.outcomes.includes(outcome)) balances.deadLetters.earn();
  else balances.useless?.spend();
}

/** False if a dead letter could not be published. */
async function reportOrCount(passedOn: PassedOn, code: string, message: JsMsg, report: () => Promise<boolean>): Promise<boolean> {
  if (!passedOn.mayReport(code)) {
    passedOn.count(code, message);
    return true;
  }
  passedOn.reported(code);
  return report();
}

/** Codes that a reload may heal: the files may have changed a moment ago. */
const unknownCodes: readonly string[] = [
  "SIGNATURE_INVALID",
  "OPERATOR_UNKNOWN",
  "CLUSTER_UNKNOWN",
  "VALIDATOR_UNKNOWN",
  "SHARE_INDEX_UNKNOWN",
  "OPERATOR_NOT_ALLOWED",
  "ORDER_INVALID",
] satisfies ErrorCode[];

/** Names an entry that is not known by its exit. */
const entryOf = (message: JsMsg, position: number): string => `${keyOf(message)} ${position}`;

/** The position of an outcome that concerns all entries of a message. */
const wholeMessage = -1;

type Outcomes = ReadonlyMap<number, EntryOutcome>;

type Handling = {readonly options: ConsumeOptions; readonly settled: ReadonlySet<number>; readonly passedOn: PassedOn};

/** Handles the message, and entries of unknown senders, clusters or validators once more after a reload. By position. */
async function verifyAndHandle(
  bus: Bus,
  message: JsMsg,
  {options: {handle, reload}, settled, passedOn}: Handling,
): Promise<Outcomes> {
  const attempt = async (done: ReadonlySet<number>): Promise<Outcomes> => {
    try {
      await verifyMessage(bus.publishers(message.subject), message.subject, message.data, message.headers);
      const timestampMs = Math.floor(message.info.timestampNanos / 1e6);
      const handled = await handle({subject: message.subject, data: message.data, timestampMs, settled: done});
      if (typeof handled === "string") return new Map([[0, {outcome: handled}]]);
      return new Map([...handled.entries()].filter(([position]) => !done.has(position)));
    } catch (error) {
      return new Map([[wholeMessage, {outcome: error as Error}]]);
    }
  };
  const first = await attempt(settled);
  const isUnknown = ({outcome}: EntryOutcome) =>
    outcome instanceof Error && unknownCodes.includes(codeOf(outcome)) && passedOn.mayReport(codeOf(outcome));
  if (!reload || ![...first.values()].some(isUnknown)) return first;
  await reload();
  const known = [...first].filter(([, it]) => !isUnknown(it));
  return new Map([...known, ...(await attempt(new Set([...settled, ...known.map(([position]) => position)])))]);
}

type DeadEntry = {readonly exit: string | undefined; readonly error: Error};

/** False if the dead letter could not be published, and the message will be redelivered. */
async function reportDead(
  message: JsMsg,
  {exit, error}: DeadEntry,
  about: object,
  {publishOrLog, logger}: Pick<Balances, "publishOrLog"> & {readonly logger: Logger},
): Promise<boolean> {
  const code = codeOf(error);
  const reason = error.message;
  const isPublished = await publishOrLog(message, {code, reason, exit}, about);
  if (isPublished) logger.warn({...about, code, reason}, "message sent to dead letters");
  return isPublished;
}

const codeOf = (error: unknown): string => (error instanceof DvtError ? error.code : "INTERNAL");
