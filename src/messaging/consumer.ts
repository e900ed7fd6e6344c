import {type Consumer, NatsError} from "nats";
import type {StreamName} from "../../schemas/defineMessage.js";
import {DvtError} from "../errors.js";
import type {Bus} from "./connect.js";

/** A durable consumer that an administrator has made. STREAMS_MISSING when there is none. */
export async function getConsumer(bus: Bus, stream: StreamName, durable: string): Promise<Consumer> {
  try {
    return await bus.js.consumers.get(stream, durable);
  } catch (cause) {
    if (cause instanceof NatsError && cause.api_error) {
      throw new DvtError(
        "STREAMS_MISSING",
        `consume ${durable} of ${stream}: there is no such consumer; run \`dvt streams apply\``,
        {cause},
      );
    }
    throw new DvtError(
      "BUS_UNAVAILABLE",
      `consume ${durable} of ${stream}: ${(cause as Error).message}; has the server JetStream, and the accounts that \`dvt nats config\` makes of participants.json?`,
      {cause},
    );
  }
}

/** How many processes wait on it now. */
export const countWaiting = async (bus: Bus, stream: StreamName, durable: string): Promise<number> =>
  (await (await getConsumer(bus, stream, durable)).info()).num_waiting;
