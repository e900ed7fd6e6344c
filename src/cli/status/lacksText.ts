import type {Lack} from "../../../schemas/status.js";
import {describeLacks} from "../../status/describeLacks.js";
import {timeText} from "../timeText.js";

/** Who owes a share, why, since when, in this machine's zone. */
export const lacksText = (lacks: readonly Lack[], at: number): string =>
  describeLacks(lacks, {timeOf: (ms) => timeText(ms, at), isBrief: false});
