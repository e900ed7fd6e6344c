import {DvtError} from "../errors.js";
import type {BusClock} from "./busClock.js";

/** Looks once more. CLOCK_WRONG when this machine's clock and the bus's differ by more than a minute: one that is being set heals. */
export async function expectRightClock(clock: BusClock): Promise<void> {
  if (clock.isOwnRight()) return;
  await clock.look();
  if (clock.isOwnRight()) return;
  throw new DvtError(
    "CLOCK_WRONG",
    "begin: this machine's clock and the NATS server's differ by more than a minute; set the one that is wrong",
  );
}
