import type {Alarm} from "../../schemas/status.js";
import {durationText} from "../runtime/durationText.js";
import {thresholds} from "./thresholds.js";

/** An alarm if the clock of this one differs too much from the bus's. `offsetMs`: its clock minus the bus's. */
export function clockAlarms(whose: string, offsetMs: number): Alarm[] {
  if (Math.abs(offsetMs) < thresholds.clockOffsetMs) return [];
  const text = `the clock of ${whose} is ${durationText(Math.abs(offsetMs))} ${offsetMs > 0 ? "ahead of" : "behind"} the bus's`;
  return [{kind: "clock_off", text, todo: "Set the clock of its machine (NTP)."}];
}
