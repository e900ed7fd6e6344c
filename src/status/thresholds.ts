import {awayAfterMs} from "../presence/participantAt.js";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** When something needs attention. */
export const thresholds = {
  /** A share index or role that was not seen for so long is away. */
  awayAfterMs,
  /** It may restart for so long before anybody is told. */
  silentMs: 5 * minuteMs,
  /** An exit whose sidecars are all there takes less than a second. */
  openMs: 10 * minuteMs,
  /** A beacon node or signer may be restarted for so long. */
  waitsMs: 5 * minuteMs,
  /** A result whose completions were not published so long after it was written. */
  owedMs: 5 * minuteMs,
  /** Dead letters of the last hour count, older ones were seen. */
  deadLettersMs: hourMs,
  /** How long the oracle set may not have been read from the chain. */
  oraclesMs: 6 * hourMs,
  /** Two roles may work with different oracle sets for so long after a change. */
  oraclesDifferMs: 15 * minuteMs,
  keysLeft: 10,
  clockOffsetMs: 30_000,
  loopDelayMs: 2000,
} as const;
