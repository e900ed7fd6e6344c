import {setTimeout as delay} from "node:timers/promises";
import {ConsumerDebugEvents, type ConsumerMessages, type JsMsg} from "nats";
import type {StreamName} from "../../schemas/defineMessage.js";
import {DvtError, dispositionOf, type ErrorCode} from "../errors.js";
import type {Logger} from "../runtime/logger.js";
import type {Bus} from "./connect.js";
import {getConsumer} from "./consumer.js";
import {exitIn, publishDeadLetter} from "./deadLetter.js";
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
  handle: Handler;
  /** Looks at what is known of others again; a message of somebody or something unknown is tried once more after it. */
  lookAgain?: (() => Promise<void>) | undefined;
  logger: Logger;
};

const maxBugDeliveries = 5;

/**
 * Hands every message of a durable consumer to `handle` and settles it by what came of it: the one place where messages are
 * acknowledged, retried and dead-lettered. STREAMS_MISSING when there is no such consumer. Call stop() before the bus closes.
 */
export async function consume(bus: Bus, options: ConsumeOptions): Promise<{stop(): Promise<void>}> {
  const {stream, durable, concurrency} = options;
  const consumer = await getConsumer(bus, stream, durable);
  const inFlight = new Map<JsMsg, Promise<void>>();
  let messages: ConsumerMessages | undefined;
  let stopping = false;

  const watch = watchConsumer(bus, options, {awaits: () => inFlight.size < concurrency, begin: () => messages?.stop()});
  const loop = async (): Promise<void> => {
    while (!stopping) {
      try {
        // The short heartbeat notices within seconds that a stream was deleted and made again; the default takes most of a minute.
        messages = await consumer.consume({max_messages: concurrency, expires: 4000, idle_heartbeat: 1000});
        void hearOf(messages, watch);
        for await (const message of messages) {
          watch.heard();
          const settled = settle(bus, message, options).finally(() => inFlight.delete(message));
          inFlight.set(message, settled);
          if (inFlight.size >= concurrency) await Promise.race(inFlight.values());
        }
      } catch (error) {
        if (!stopping) watch.interrupted(String(error));
      }
      if (!stopping) await delay(500);
    }
  };
  const running = loop();

  const ackWaitMs = ((await consumer.info(true)).config.ack_wait ?? 30e9) / 1e6;
  const keepAlive = setInterval(() => {
    for (const message of inFlight.keys()) message.working();
  }, ackWaitMs / 2);

  return {
    async stop() {
      stopping = true;
      watch.stop();
      // Leaving the loop with break and closing the connection would hang: stop() ends the iterator.
      messages?.stop();
      await running;
      await Promise.all(inFlight.values());
      clearInterval(keepAlive);
    },
  };
}

/** An idle consumer says of each pull that it is over. */
async function hearOf(messages: ConsumerMessages, watch: ConsumerWatch): Promise<void> {
  for await (const {type} of await messages.status()) if (type === ConsumerDebugEvents.Discard) watch.heard();
}

/** Never rejects: what cannot be settled now is delivered again. */
async function settle(bus: Bus, message: JsMsg, options: ConsumeOptions): Promise<void> {
  const {logger, stream} = options;
  // Read for the log alone, so only where something is logged.
  const about = () => ({stream, subject: message.subject, exit: exitIn(message.data)});
  const {redeliveryCount: deliveries} = message.info;
  try {
    const outcome = await verifyAndHandle(bus, message, options);
    if (logger.isLevelEnabled("debug")) logger.debug({...about(), outcome}, "message handled");
    // Not ackAck, which waits for the server to say that it counted it: one that is lost costs no more than to do it again.
    message.ack();
  } catch (error) {
    const disposition = dispositionOf(error);
    if (disposition === "terminate" || (disposition === undefined && deliveries >= maxBugDeliveries)) {
      await terminate(bus, message, error, {...about(), deliveries}, logger);
      return;
    }
    const log = {...about(), deliveries, code: codeOf(error), error: (error as Error).message};
    if (disposition === "retry") logger.warn(log, "message will be tried again");
    else logger.error({...log, stack: (error as Error).stack}, "message failed, will be tried again");
    message.nak(Math.min(30_000, 250 * 2 ** Math.min(deliveries - 1, 7)));
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

async function verifyAndHandle(bus: Bus, message: JsMsg, {handle, lookAgain}: ConsumeOptions): Promise<string> {
  const attempt = async (): Promise<string> => {
    await verifyMessage(bus.speakers(message.subject), message.subject, message.data, message.headers);
    const timestampMs = Math.floor(message.info.timestampNanos / 1e6);
    return handle({subject: message.subject, data: message.data, timestampMs});
  };
  try {
    return await attempt();
  } catch (error) {
    if (!lookAgain || !unknowns.includes(codeOf(error))) throw error;
    await lookAgain();
    return attempt();
  }
}

async function terminate(bus: Bus, message: JsMsg, error: unknown, about: object, logger: Logger): Promise<void> {
  const code = codeOf(error);
  const reason = (error as Error).message;
  logger.warn({...about, code, reason}, "message refused");
  try {
    await publishDeadLetter(bus, message, code, reason);
    message.term(code);
  } catch (failure) {
    logger.warn({...about, error: (failure as Error).message}, "dead letter not published, the message will come again");
    message.nak(1000);
  }
}

const codeOf = (error: unknown): string => (error instanceof DvtError ? error.code : "INTERNAL");
