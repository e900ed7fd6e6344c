import type {Lack} from "../../../schemas/status.js";
import {describeLacks} from "../../status/describeLacks.js";
import {timeText} from "./timeText.js";
import type {View} from "./view.js";

/** Who owes a share, why, since when, in the viewer's zone: "1 waits: CONSENSUS_UNAVAILABLE since 18:11; 4, 5 are away since 18:02". */
export const lacksText = (lacks: readonly Lack[], view: View): string =>
  describeLacks(lacks, {timeOf: (ms) => timeText(ms, view), isBrief: true});
