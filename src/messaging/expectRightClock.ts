import {DvtError} from "../errors.js";
import type {BusClock} from "./busClock.js";

/** CLOCK_WRONG if this machine's clock and the bus's differ by more than a minute, also after the bus's is read again. */
export async function expectRightClock(clock: BusClock): Promise<void> {
  if (clock.isOwnRight()) return;
  await clock.refresh();
  if (clock.isOwnRight()) return;
  throw new DvtError(
    "CLOCK_WRONG",
    "start: this machine's clock and the NATS server's differ by more than a minute; set the one that is wrong",
  );
}
