import type {ExitState} from "../../../schemas/query.js";
import type {ExitLine, ExitsPage} from "../../../schemas/status.js";
import {durationText} from "../../runtime/durationText.js";
import {sharesText} from "../../status/sharesText.js";
import {shortened, toColumns} from "../columns.js";
import {timeText} from "../timeText.js";
import {lacksText} from "./lacksText.js";

type Options = {readonly state: ExitState; readonly width?: number | undefined};

/** Exits of one state, one on each line. */
export function exitsTable({exits, at}: Pick<ExitsPage, "exits" | "at">, {state, width}: Options): string {
  if (exits.length === 0) return `no ${state} exits\n`;
  const columns = columnsOf(state);
  const rows = exits.map((exit) => [
    shortened(exit.public_key),
    String(exit.validator_index),
    exit.cluster_id,
    ...columns.map(({cell}) => cell(exit, at)),
  ]);
  return toColumns([["public key", "index", "cluster", ...columns.map(({head}) => head)], ...rows], {right: [1], width});
}

type Column = {readonly head: string; readonly cell: (exit: ExitLine, at: number) => string};

const opened: Column = {head: "asked for", cell: ({opened_at}, at) => timeText(opened_at, at)};
const shares: Column = {head: "shares", cell: ({has, needs}) => sharesText(has, needs)};

function columnsOf(state: ExitState): Column[] {
  switch (state) {
    case "open":
      return [
        {head: "open for", cell: ({opened_at}, at) => durationText(at - opened_at)},
        shares,
        {head: "whose turn it is", cell: ({lacks}, at) => lacksText(lacks, at) || "-"},
      ];
    case "complete":
      return [
        opened,
        {
          head: "complete after",
          cell: ({opened_at, completed_at}) => (completed_at === undefined ? "-" : durationText(completed_at - opened_at)),
        },
        {head: "taken", cell: ({is_taken}) => (is_taken === undefined ? "-" : is_taken ? "yes" : "not yet")},
      ];
    case "rejected":
      return [opened, shares, {head: "why", cell: ({lacks}, at) => lacksText(lacks, at) || "-"}];
    case "superseded":
      return [opened];
    case "expired":
      return [opened, shares];
  }
}
