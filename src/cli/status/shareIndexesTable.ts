import type {ShareIndexStatus} from "../../../schemas/status.js";
import {agoText} from "../../runtime/agoText.js";
import {countText} from "../../runtime/countText.js";
import {durationText} from "../../runtime/durationText.js";
import {printable} from "../../runtime/printable.js";
import {toColumns} from "../columns.js";
import {timeText} from "../timeText.js";
import {stateText} from "./stateText.js";

type Options = {readonly at: number; readonly width: number | undefined};

const headings = ["share index", "state", "last seen", "last signed", "signed", "waits for", "refused", "version"];

/** What each share index of a cluster does. */
export const shareIndexesTable = (indexes: readonly ShareIndexStatus[], {at, width}: Options): string =>
  toColumns([headings, ...indexes.map((it) => toRow(it, at))], {right: [0, 4], width, spare: [7, 4, 3]});

function toRow(index: ShareIndexStatus, at: number): string[] {
  const {share_index, state, since, last_seen, last_signed, signed, refused, version = "-"} = index;
  return [
    String(share_index),
    `${stateText(state)}${state === "signs" || since === undefined ? "" : ` ${durationText(at - since)}`}`,
    ago(last_seen, at),
    ago(last_signed, at),
    String(signed),
    waitsText(index, at),
    refused.map(({code, exits}) => `${code} ${exits}`).join(", ") || "-",
    printable(version),
  ];
}

const ago = (ms: number | undefined, at: number): string => (ms === undefined ? "never" : agoText(at - ms));

/** What it waits for; if nothing waits yet, which of its servers is away. */
function waitsText({waits, beacon, signer}: ShareIndexStatus, at: number): string {
  const servers = [
    ...(beacon && beacon.state !== "ok" ? [`beacon node ${beacon.state} since ${timeText(beacon.since, at)}`] : []),
    ...(signer && signer.state !== "ok" ? [`signer ${signer.state} since ${timeText(signer.since, at)}`] : []),
  ];
  const codes = waits.map(({code, since, exits}) => `${code} since ${timeText(since, at)} (${countText(exits, "exit")})`);
  return (codes.length > 0 ? codes : servers).join(", ") || "-";
}
