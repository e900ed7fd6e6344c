import type {RoleStatus} from "../../../schemas/status.js";
import {agoText} from "../../runtime/agoText.js";
import {durationText} from "../../runtime/durationText.js";
import {printable} from "../../runtime/printable.js";
import {toColumns} from "../columns.js";
import {timeText} from "../timeText.js";

type Options = {readonly at: number; readonly width: number | undefined};

const headings = ["role", "state", "last seen", "runs for", "waits for", "version"];

/** The processes of every role but the sidecars, which the clusters have; empty if there are none. */
export function rolesTable(roles: readonly RoleStatus[], {at, width}: Options): string {
  const others = roles.filter(({role}) => role !== "sidecar");
  return others.length === 0 ? "" : toColumns([headings, ...others.map((it) => toRow(it, at))], {width, spare: [5, 3]});
}

const toRow = ({role, state, version, started_at, last_seen, waits}: RoleStatus, at: number): string[] => [
  role,
  state === "away" ? "□ away" : "■ here",
  agoText(at - last_seen),
  state === "here" ? durationText(at - started_at) : "-",
  waits.map(({code, since}) => `${code} since ${timeText(since, at)}`).join(", ") || "-",
  printable(version),
];
