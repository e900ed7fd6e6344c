import type {Consumer, ConsumerInfo} from "nats";
import type {StreamName} from "../../schemas/defineMessage.js";
import {toBusError} from "./busError.js";
import type {Bus} from "./connect.js";

const hint = "has the server JetStream, and the accounts that `dvt nats config` makes of participants.json?";

/** A durable consumer that an administrator has made. STREAMS_MISSING when there is none, BUS_UNAVAILABLE when nobody can say. */
export const getConsumer = (bus: Bus, stream: StreamName, durable: string): Promise<Consumer> =>
  bus.js.consumers
    .get(stream, durable)
    .catch(toBusError(`consume ${durable} of ${stream}`, {missing: "there is no such consumer", hint}));

/** What the server says of it, in one question. As getConsumer. */
export const readConsumer = async (bus: Bus, stream: StreamName, durable: string): Promise<ConsumerInfo & {ts: string}> =>
  // The server's time, of nats-server 2.10 and later: nats 2.29.3 does not know it.
  (await (await getConsumer(bus, stream, durable)).info(true)) as ConsumerInfo & {ts: string};
