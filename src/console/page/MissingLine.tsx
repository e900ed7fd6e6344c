import type {Missing} from "../../../schemas/status.js";
import {countText} from "../../runtime/countText.js";
import {sharesText} from "../../status/sharesText.js";
import {exitUrlOf} from "./exitUrlOf.js";
import {lacksText} from "./lacksText.js";
import {Since} from "./Time.js";
import type {View} from "./view.js";

/** Open exits that lack the same shares: how many, since when, whose turn it is. Leads to the oldest. */
export function MissingLine({missing, view}: {missing: Missing; view: View}) {
  const {exits, first, opened_at, has, needs, lacks} = missing;
  const [oldest] = first;
  const what = countText(exits, "exit");
  return (
    <li>
      {oldest === undefined ? <b>{what}</b> : <a href={exitUrlOf(oldest)}>{what}</a>} open for{" "}
      <Since ms={opened_at} view={view} />: {sharesText(has, needs)}
      {lacks.length > 0 && <>; {lacksText(lacks, view)}</>}
    </li>
  );
}
