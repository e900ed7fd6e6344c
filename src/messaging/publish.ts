import {setTimeout as delay} from "node:timers/promises";
import {NatsError} from "nats";
import type {Static, TSchema} from "typebox";
import type {StoredMessage} from "../../schemas/defineMessage.js";
import {DvtError} from "../errors.js";
import type {Bus} from "./connect.js";
import {encode} from "./encode.js";
import {signMessage} from "./signature.js";

const attempts = 4;

/**
 * Signs and publishes a message on its subject; resolves once the stream has stored it. The stream deletes it after `keptMs`, at least
 * a second, if given. QUOTA_FULL and BUS_UNAVAILABLE: publish it again later. OUTGOING_MALFORMED: nothing was published.
 */
export async function publish<S extends TSchema>(
  bus: Bus,
  message: StoredMessage<S>,
  payload: Static<S>,
  {keptMs}: {keptMs?: number} = {},
): Promise<void> {
  await publishWith(bus, message, payload, keptMs === undefined ? {} : {"Nats-TTL": `${Math.max(1, Math.ceil(keptMs / 1000))}s`});
}

/** Like publish(), with headers for JetStream; resolves with the message's sequence. Throws at once what `isFinal`, as it is. */
export async function publishWith<S extends TSchema>(
  bus: Bus,
  message: StoredMessage<S>,
  payload: Static<S>,
  more: Readonly<Record<string, string>>,
  isFinal: (error: unknown) => boolean = () => false,
): Promise<number> {
  const {subject, data} = encode(message, payload);
  const headers = signMessage(bus.identity, subject, data);
  for (const [name, value] of Object.entries(more)) headers.set(name, value);
  for (let attempt = 1; ; attempt++) {
    try {
      const {seq} = await bus.js.publish(subject, data, {headers});
      bus.served();
      bus.storing.stored();
      return seq;
    } catch (error) {
      if (isFinal(error)) throw error;
      const failure = toDvtError(error, message.name);
      if (failure.code === "BUS_UNAVAILABLE") {
        bus.failed();
        bus.storing.notStored();
      }
      if (attempt === attempts) throw failure;
      await delay(100 * 2 ** attempt);
    }
  }
}

/** JetStream's err_code for a subject that has reached max_msgs_per_subject under discard_new_per_subject. */
const maximumMessagesPerSubject = 10077;

function toDvtError(cause: unknown, name: string): DvtError {
  if (!(cause instanceof NatsError)) throw cause;
  if (cause.api_error?.err_code === maximumMessagesPerSubject) {
    return new DvtError("QUOTA_FULL", `publish ${name}: too many messages are waiting on this subject`, {cause});
  }
  return new DvtError("BUS_UNAVAILABLE", `publish ${name}: ${cause.message || cause.code}`, {cause});
}
