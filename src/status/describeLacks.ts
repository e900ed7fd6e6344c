import type {Lack} from "../../schemas/status.js";
import {groupBy} from "../runtime/groupBy.js";

type Style = {
  readonly timeOf: (ms: number) => string;
  /** Whether only the numbers of share indexes are said: "4, 5 are away". */
  readonly isBrief: boolean;
};

/** Who owes a share, why, since when: "share index 1 waits: CONSENSUS_UNAVAILABLE since 18:11; share index 4 is away since 18:02". */
export const describeLacks = (lacks: readonly Lack[], style: Style): string =>
  [...groupBy(lacks, (lack) => sayWhy(lack, style, false)).values()]
    .map((alike) => {
      const indexes = alike.map(({share_index}) => share_index).join(", ");
      const many = alike.length > 1;
      const head = style.isBrief ? indexes : `share ${many ? "indexes" : "index"} ${indexes}`;
      return `${head} ${sayWhy(alike[0] as Lack, style, many)}`;
    })
    .join("; ");

function sayWhy({why, code = "", since}: Lack, {timeOf, isBrief}: Style, many: boolean): string {
  const from = since === undefined ? "" : ` since ${timeOf(since)}`;
  switch (why) {
    case "refused":
      return `${many ? "refuse" : "refuses"}: ${code}${from}`;
    case "waits":
      return `${many ? "wait" : "waits"}: ${code}${from}`;
    case "away":
      if (since === undefined) return `${many ? "were" : "was"} never seen`;
      return `${many ? "are" : "is"} away${from}`;
    case "asked": {
      const said = isBrief ? "said" : `${many ? "have" : "has"} said`;
      return `${many ? "were" : "was"} asked${since === undefined ? "" : ` at ${timeOf(since)}`} and ${said} nothing yet`;
    }
  }
}
