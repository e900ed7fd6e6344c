import type {StreamName} from "../../schemas/defineMessage.js";
import {expected} from "../errors.js";
import type {Clock} from "../runtime/clock.js";
import {every} from "../runtime/every.js";
import type {Logger} from "../runtime/logger.js";
import {createOutage} from "../runtime/outage.js";
import type {Bus} from "./connect.js";
import {readBusTime} from "./consumer.js";

/** The NATS server's clock, read every few seconds; in between it advances by the time that passes here. */
export type BusClock = Clock & {
  /** This machine's clock minus the server's. */
  offsetMs(): number;
  /** Reads the server's clock now. */
  refresh(): Promise<void>;
  stop(): Promise<void>;
};

type Options = {
  /** The consumers that this participant may read now: each answer carries the server's time. */
  readonly stream: StreamName;
  readonly durables: () => readonly string[];
  readonly logger: Logger;
  /** This machine's clock. */
  readonly ownTime?: () => number;
  readonly refreshEveryMs?: number;
};

const allowedDifferenceMs = 60_000;
/** A slower answer is too inaccurate to use. */
const longestAnswerMs = 5000;
const wrong = {
  begins: "this machine's clock and the NATS server's differ by more than a minute: set the one that is wrong",
  goesOn: "this machine's clock and the NATS server's still differ by more than a minute",
  ends: "this machine's clock is right again",
};

/**
 * Opens the server's clock, and warns once a minute while this machine's differs by more than a minute. STREAMS_MISSING,
 * BUS_UNAVAILABLE.
 */
export async function openBusClock(bus: Bus, options: Options): Promise<BusClock> {
  const {stream, durables, logger, ownTime = () => Date.now(), refreshEveryMs = 10_000} = options;
  const read = async (): Promise<{busMs: number; atMs: number} | undefined> => {
    const [durable] = durables();
    if (durable === undefined) return undefined;
    const askedAt = performance.now();
    const busMs = await readBusTime(bus, stream, durable);
    const answeredAt = performance.now();
    return answeredAt - askedAt > longestAnswerMs ? undefined : {busMs, atMs: (askedAt + answeredAt) / 2};
  };

  let known = (await read()) ?? {busMs: ownTime(), atMs: performance.now()};
  const outage = createOutage(wrong, logger);
  const now = (): number => Math.round(known.busMs + performance.now() - known.atMs);
  const isOwnRight = (): boolean => Math.abs(ownTime() - now()) <= allowedDifferenceMs;

  const warnIfWrong = (): void => {
    if (isOwnRight()) outage.served();
    else outage.failed(undefined, () => ({ahead_s: Math.round((ownTime() - now()) / 1000)}));
  };
  const refresh = async (): Promise<void> => {
    // The connection reports that the bus is unavailable.
    known = (await read().catch((error) => void expected(error))) ?? known;
    warnIfWrong();
  };
  warnIfWrong();
  const refreshing = every(refreshEveryMs, "read the NATS server's clock", refresh, logger);
  return {now, isOwnRight, offsetMs: () => Math.round(ownTime() - now()), refresh, stop: refreshing.stop};
}
