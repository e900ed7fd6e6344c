import {presence} from "../../schemas/presence.js";
import {DvtError} from "../errors.js";
import type {Bus} from "../messaging/connect.js";
import {decode} from "../messaging/decode.js";
import {readNext, type StoredMessage} from "../messaging/readNext.js";
import {verifyMessage} from "../messaging/signature.js";
import {every} from "../runtime/every.js";
import type {Logger} from "../runtime/logger.js";
import {createOutage} from "../runtime/outage.js";
import {createSightings, type Sightings} from "./createSightings.js";
import {isOwnRole} from "./isOwnRole.js";

type Options = {
  readonly network: string;
  readonly logger: Logger;
  readonly everyMs?: number;
  /** A steady clock. */
  readonly now?: () => number;
};

/** Reads what everybody says about itself. */
export type PresenceReader = Sightings & {
  /** Reads what is new. STREAMS_MISSING, BUS_UNAVAILABLE. */
  read(): Promise<void>;
};

/** Without anything new for so long, the stream may have been made anew and count from 1 again. */
const startOverAfterMs = 60_000;

/** A reader that has read nothing yet. It can read as an administrator or a relayer. */
export function createPresenceReader(bus: Bus, {network, logger, now = () => performance.now()}: Options): PresenceReader {
  const {add, ...sightings} = createSightings();
  const filter = `dvt.v2.presence.${network}.*`;
  const unreadable = new Set<string>();
  let seq = 1;
  let readAt = now();

  const take = async (message: StoredMessage): Promise<void> => {
    const {subject} = message;
    try {
      const said = await open(bus, message);
      // Whoever runs the bus could store one of before again.
      add({presence: said, lastSeenMs: Math.min(message.timestampMs, said.said_at)});
      unreadable.delete(subject);
    } catch (error) {
      if (!(error instanceof DvtError)) throw error;
      if (!unreadable.has(subject)) logger.warn({subject, code: error.code, reason: error.message}, "presence not readable");
      unreadable.add(subject);
    }
  };
  return {
    ...sightings,
    async read() {
      if (now() - readAt > startOverAfterMs) seq = 1;
      // A subject that comes again waits for the next turn, so that nobody keeps this one from ending.
      const read = new Set<string>();
      for (;;) {
        const message = await readNext(bus, presence.stream, {seq, filter});
        if (!message || read.has(message.subject)) return;
        read.add(message.subject);
        await take(message);
        seq = message.seq + 1;
        readAt = now();
      }
    },
  };
}

/** [TERMINATE] SIGNATURE_INVALID, MESSAGE_MALFORMED, SUBJECT_MISMATCH. */
async function open(bus: Bus, {subject, data, headers}: StoredMessage) {
  await verifyMessage(bus.publishers(subject), subject, data, headers);
  const payload = decode(presence, subject, data);
  if (isOwnRole(payload)) return payload;
  throw new DvtError(
    "SUBJECT_MISMATCH",
    `read a presence: ${payload.participant} cannot be a ${payload.role} of this share index`,
  );
}

/** Follows what everybody says about itself, until it is stopped; while the bus is away, what was read stays. */
export function followPresence(bus: Bus, options: Options): PresenceReader & {stop(): Promise<void>} {
  const {logger, everyMs = 500} = options;
  const reader = createPresenceReader(bus, options);
  const outage = createOutage("the stream PRESENCE", logger);
  const read = async (): Promise<void> => {
    try {
      await reader.read();
      outage.served();
    } catch (error) {
      if (!(error instanceof DvtError)) throw error;
      outage.failed(error.message);
    }
  };
  const reading = every(everyMs, "read the stream PRESENCE", read, logger);
  return {...reader, stop: reading.stop};
}
