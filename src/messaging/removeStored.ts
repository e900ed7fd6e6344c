import {NatsError} from "nats";
import type {StreamName} from "../../schemas/defineMessage.js";
import {toBusError} from "./busError.js";
import type {Bus} from "./connect.js";
import {getManager} from "./manager.js";

/** Removes the messages of these sequences; one that is gone already is no error. Only an administrator may. STREAMS_MISSING, BUS_UNAVAILABLE. */
export async function removeStored(bus: Bus, stream: StreamName, seqs: readonly number[]): Promise<void> {
  const jsm = await getManager(bus);
  const toError = toBusError(`remove a message of ${stream}`, {missing: "there is no such stream"});
  for (const seq of seqs) {
    await jsm.streams.deleteMessage(stream, seq).catch((cause: unknown) => {
      if (!isGone(cause)) toError(cause);
    });
  }
}

/** 10043: sequence not found. 10057: deletion failed; these descriptions mean that there is no such message. */
function isGone(cause: unknown): boolean {
  const {err_code, description = ""} = (cause instanceof NatsError && cause.api_error) || {err_code: 0};
  return err_code === 10043 || (err_code === 10057 && /not? .*found|EOF/.test(description));
}
