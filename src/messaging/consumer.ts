import type {Consumer} from "nats";
import type {StreamName} from "../../schemas/defineMessage.js";
import {toBusError} from "./busError.js";
import type {Bus} from "./connect.js";

const hint = "has the server JetStream, and the accounts that `dvt nats config` makes of participants.json?";

/** A durable consumer that an administrator has made. STREAMS_MISSING when there is none, BUS_UNAVAILABLE when nobody can say. */
export const getConsumer = (bus: Bus, stream: StreamName, durable: string): Promise<Consumer> =>
  bus.js.consumers
    .get(stream, durable)
    .catch(toBusError(`consume ${durable} of ${stream}`, {missing: "there is no such consumer", hint}));

/** How many processes wait on it now. */
export const countWaiting = async (bus: Bus, stream: StreamName, durable: string): Promise<number> =>
  // What was just got is no older than what would be asked for again.
  (await (await getConsumer(bus, stream, durable)).info(true)).num_waiting;
