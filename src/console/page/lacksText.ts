import type {Lack} from "../../../schemas/status.js";
import {groupBy} from "../../runtime/groupBy.js";
import {timeText} from "./timeText.js";
import type {View} from "./view.js";

/** Who owes a share, why, since when: "1 waits: CONSENSUS_UNAVAILABLE since 18:11; 4, 5 are away since 18:02". */
export const lacksText = (lacks: readonly Lack[], view: View): string =>
  [...groupBy(lacks, (lack) => whyText(lack, view, false))]
    .map(([, alike]) => {
      const indexes = alike.map(({share_index}) => share_index).join(", ");
      return `${indexes} ${whyText(alike[0] as Lack, view, alike.length > 1)}`;
    })
    .join("; ");

function whyText({why, code = "", since}: Lack, view: View, many: boolean): string {
  const from = since === undefined ? "" : ` since ${timeText(since, view)}`;
  switch (why) {
    case "refused":
      return `${many ? "refuse" : "refuses"}: ${code}${from}`;
    case "waits":
      return `${many ? "wait" : "waits"}: ${code}${from}`;
    case "away":
      if (since === undefined) return `${many ? "were" : "was"} never seen`;
      return `${many ? "are" : "is"} away${from}`;
    case "asked":
      return `${many ? "were" : "was"} asked${since === undefined ? "" : ` at ${timeText(since, view)}`} and said nothing yet`;
  }
}
