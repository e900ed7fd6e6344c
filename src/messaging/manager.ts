import type {JetStreamManager} from "nats";
import {DvtError} from "../errors.js";
import type {Bus} from "./connect.js";

/** JetStream's management API. BUS_UNAVAILABLE if JetStream does not answer. */
export async function getManager({connection}: Pick<Bus, "connection">): Promise<JetStreamManager> {
  try {
    return await connection.jetstreamManager();
  } catch (cause) {
    throw new DvtError("BUS_UNAVAILABLE", `reach JetStream: ${(cause as Error).message}; is it enabled in nats.conf?`, {cause});
  }
}
