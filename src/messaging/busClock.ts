import type {StreamName} from "../../schemas/defineMessage.js";
import {expected} from "../errors.js";
import type {Clock} from "../runtime/clock.js";
import {every} from "../runtime/every.js";
import type {Logger} from "../runtime/logger.js";
import type {Bus} from "./connect.js";
import {readConsumer} from "./consumer.js";

/** The clock of the NATS server. Between two looks it goes on by the time that passes here. */
export type BusClock = Clock & {
  /** Looks at once. */
  look(): Promise<void>;
  stop(): Promise<void>;
};

type Options = {
  /** The consumers that this participant may ask for, now: what is told of one bears the server's time. */
  readonly stream: StreamName;
  readonly durables: () => readonly string[];
  readonly logger: Logger;
  readonly own?: () => number;
  readonly betweenLooksMs?: number;
};

const allowedDifferenceMs = 60_000;
/** An answer that took longer tells too little. */
const longestAnswerMs = 5000;
const saidAgainAfterMs = 60_000;

/** STREAMS_MISSING, BUS_UNAVAILABLE. Says in the log when this machine's clock is more than a minute off, each minute, and when it is right again. */
export async function openBusClock(bus: Bus, options: Options): Promise<BusClock> {
  const {stream, durables, logger, own = () => Date.now(), betweenLooksMs = 10_000} = options;
  const ask = async (): Promise<{busMs: number; atMs: number} | undefined> => {
    const [durable] = durables();
    if (durable === undefined) return undefined;
    const askedAt = performance.now();
    const {ts} = await readConsumer(bus, stream, durable);
    const answeredAt = performance.now();
    return answeredAt - askedAt > longestAnswerMs ? undefined : {busMs: Date.parse(ts), atMs: (askedAt + answeredAt) / 2};
  };

  let known = (await ask()) ?? {busMs: own(), atMs: performance.now()};
  let saidAt: number | undefined;
  const now = (): number => Math.round(known.busMs + performance.now() - known.atMs);
  const isOwnRight = (): boolean => Math.abs(own() - now()) <= allowedDifferenceMs;

  const tell = (): void => {
    if (isOwnRight()) {
      if (saidAt !== undefined) logger.info("this machine's clock is right again");
      saidAt = undefined;
      return;
    }
    if (saidAt !== undefined && performance.now() - saidAt < saidAgainAfterMs) return;
    saidAt = performance.now();
    const ahead_s = Math.round((own() - now()) / 1000);
    logger.warn({ahead_s}, "this machine's clock and the NATS server's differ by more than a minute: set the one that is wrong");
  };
  const look = async (): Promise<void> => {
    // That the bus is away, the connection says.
    known = (await ask().catch((error) => void expected(error))) ?? known;
    tell();
  };
  tell();
  const looks = every(betweenLooksMs, "look at the clock of the NATS server", look, logger);
  return {now, isOwnRight, look, stop: looks.stop};
}
