import type {StoredMsg} from "nats";
import type {ExitRequest} from "../../schemas/exitRequest.js";
import type {OrderEntry} from "../../schemas/order.js";
import type {Bus} from "../../src/messaging/connect.js";

/** An exit request of the stream. */
export type HeldRequest = {readonly request: ExitRequest; readonly message: StoredMsg};

/** The exit requests that the stream holds, the oldest first. */
export async function exitRequestsIn(bus: Bus): Promise<HeldRequest[]> {
  const jsm = await bus.connection.jetstreamManager();
  const {first_seq, last_seq} = (await jsm.streams.info("EXIT_REQUESTS")).state;
  const held: HeldRequest[] = [];
  for (let seq = Math.max(1, first_seq); seq <= last_seq; seq++) {
    const message = await jsm.streams.getMessage("EXIT_REQUESTS", {seq}).catch(() => undefined);
    if (message) held.push({request: message.json<ExitRequest>(), message});
  }
  return held;
}

/** The entries that it shows. */
export const shownIn = ({order}: ExitRequest): OrderEntry[] => order.entries.filter((entry) => typeof entry !== "string");

/** The exits of the key that the stream asks for now: each with when and by whom it was ordered, the oldest message first. */
export async function askedFor(
  bus: Bus,
  publicKey: string,
): Promise<(OrderEntry & {requested_at: number; operator_id: string})[]> {
  return (await exitRequestsIn(bus)).flatMap(({request}) =>
    shownIn(request)
      .filter(({public_key}) => public_key === publicKey)
      .map((entry) => ({...entry, requested_at: request.order.requested_at, operator_id: request.order.operator_id})),
  );
}
