import {NatsError} from "nats";
import type {Static, TSchema} from "typebox";
import type {StoredMessage} from "../../schemas/defineMessage.js";
import type {Bus} from "./connect.js";
import {publishWith} from "./publish.js";

/** JetStream's err_codes if the last message is another one, or another one is being stored. */
const notLast: readonly unknown[] = [10_071, 10_164];

const isNotLast = (error: unknown): boolean => error instanceof NatsError && notLast.includes(error.api_error?.err_code);

/**
 * Like publish(), but the stream stores it only while the last message on the subjects that match `filter` has the sequence `seq`, 0 for
 * none: of several that read the same, one is stored. Resolves with its sequence, or with undefined if another message was there first,
 * which an earlier attempt of this one may be. The same errors.
 */
export async function publishIfLast<S extends TSchema>(
  bus: Bus,
  message: StoredMessage<S>,
  payload: Static<S>,
  {seq, filter}: {seq: number; filter: string},
): Promise<number | undefined> {
  const expected = {"Nats-Expected-Last-Subject-Sequence": String(seq), "Nats-Expected-Last-Subject-Sequence-Subject": filter};
  try {
    return await publishWith(bus, message, payload, expected, isNotLast);
  } catch (error) {
    if (isNotLast(error)) return undefined;
    throw error;
  }
}
