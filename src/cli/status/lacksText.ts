import type {Lack} from "../../../schemas/status.js";
import {groupBy} from "../../runtime/groupBy.js";
import {timeText} from "../timeText.js";

/** Who owes a share, why, since when: "share index 1 waits: CONSENSUS_UNAVAILABLE since 18:11; share index 4 is away since 18:02". */
export function lacksText(lacks: readonly Lack[], at: number): string {
  const alike = [...groupBy(lacks, (lack) => sayWhy(lack, at, false))].map(([, those]) => those);
  return alike
    .map((those) => {
      const indexes = those.map(({share_index}) => share_index).join(", ");
      return `share ${those.length === 1 ? "index" : "indexes"} ${indexes} ${sayWhy(those[0] as Lack, at, those.length > 1)}`;
    })
    .join("; ");
}

function sayWhy({why, code = "", since}: Lack, at: number, many: boolean): string {
  const from = since === undefined ? "" : ` since ${timeText(since, at)}`;
  switch (why) {
    case "refused":
      return `${many ? "refuse" : "refuses"}: ${code}${from}`;
    case "waits":
      return `${many ? "wait" : "waits"}: ${code}${from}`;
    case "away":
      if (since === undefined) return `${many ? "were" : "was"} never seen`;
      return `${many ? "are" : "is"} away${from}`;
    case "asked":
      return `${many ? "were" : "was"} asked${since === undefined ? "" : ` at ${timeText(since, at)}`} and ${many ? "have" : "has"} said nothing yet`;
  }
}
