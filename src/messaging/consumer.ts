import type {Consumer, ConsumerInfo} from "nats";
import type {StreamName} from "../../schemas/defineMessage.js";
import {toBusError} from "./busError.js";
import type {Bus} from "./connect.js";

const hint = "is JetStream enabled, and does the server have the accounts that `dvt nats config` writes?";

/** A durable consumer that an administrator created. STREAMS_MISSING if there is none, BUS_UNAVAILABLE if the server does not answer. */
export const getConsumer = (bus: Bus, stream: StreamName, durable: string): Promise<Consumer> =>
  bus.js.consumers
    .get(stream, durable)
    .catch(toBusError(`consume ${durable} of ${stream}`, {missing: "there is no such consumer", hint}));

/** The consumer's info, in one request. STREAMS_MISSING and BUS_UNAVAILABLE as getConsumer. */
export const readConsumer = async (bus: Bus, stream: StreamName, durable: string): Promise<ConsumerInfo & {ts: string}> =>
  // `ts` is the server's time, in nats-server 2.10 and later; the types of nats 2.29.3 lack it.
  (await (await getConsumer(bus, stream, durable)).info(true)) as ConsumerInfo & {ts: string};

/** The server's time, in milliseconds since 1970: its answers about a consumer carry it. The same errors. */
export const readBusTime = async (bus: Bus, stream: StreamName, durable: string): Promise<number> =>
  Date.parse((await readConsumer(bus, stream, durable)).ts);
