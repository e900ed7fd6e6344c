import {durationText} from "../../runtime/durationText.js";

/** How far a clock is from the bus's: "right", "3 s ahead", "40 ms behind". */
export const offsetText = (ms: number): string =>
  ms === 0 ? "right" : `${durationText(Math.abs(ms))} ${ms > 0 ? "ahead" : "behind"}`;
