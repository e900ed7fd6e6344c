import type {Static, TSchema} from "typebox";
import type {Message} from "../../schemas/defineMessage.js";
import type {Bus} from "./connect.js";
import {encode} from "./encode.js";
import {signMessage} from "./signature.js";

/** Like publish(), for what nothing depends on: it is tried once, and a failure does not count against the server. */
export async function publishOnce<S extends TSchema>(
  bus: Bus,
  message: Message<S>,
  payload: Static<S>,
  withinMs: number,
): Promise<void> {
  const {subject, data} = encode(message, payload);
  try {
    await bus.js.publish(subject, data, {headers: signMessage(bus.identity, subject, data), timeout: withinMs});
  } catch (error) {
    bus.storing.notStored();
    throw error;
  }
  bus.storing.stored();
}
