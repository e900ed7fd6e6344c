import type {StreamName} from "../../schemas/defineMessage.js";
import {isFinalApiError, toBusError} from "./busError.js";
import type {Bus} from "./connect.js";
import {getManager} from "./manager.js";

/** Removes the message of this sequence, if it is still there. Only an administrator may. BUS_UNAVAILABLE. */
export async function removeStored(bus: Bus, stream: StreamName, seq: number): Promise<void> {
  const jsm = await getManager(bus);
  try {
    await jsm.streams.deleteMessage(stream, seq);
  } catch (error) {
    // Somebody else has removed it.
    if (!isFinalApiError(error)) toBusError(`remove a message of ${stream}`, {missing: "there is no such stream"})(error);
  }
}
