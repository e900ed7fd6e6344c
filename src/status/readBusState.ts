import type {Status} from "../../schemas/status.js";
import type {Bus} from "../messaging/connect.js";
import {findFirstSince} from "../messaging/findFirstSince.js";
import {inspectStreams, type StreamState} from "../messaging/inspectStreams.js";
import {thresholds} from "./thresholds.js";

/** What the bus has. */
export type BusState = {readonly streams: readonly StreamState[]; readonly deadLetters: NonNullable<Status["dead_letters"]>};

/** Reads the state of all streams, and how many dead letters came within the last hour. STREAMS_MISSING, BUS_UNAVAILABLE. */
export async function readBusState(bus: Bus, nowMs: number): Promise<BusState> {
  const streams = await inspectStreams(bus);
  const letters = streams.find(({stream}) => stream === "DEAD_LETTERS") as StreamState;
  const {messages, lastMs, lastSeq} = letters;
  if (messages === 0 || lastMs === undefined) return {streams, deadLetters: {total: messages, last_hour: 0}};
  const sinceMs = nowMs - thresholds.deadLettersMs;
  const recent = lastMs < sinceMs ? 0 : lastSeq + 1 - (await findFirstSince(bus, letters, sinceMs));
  // Some of them may have been dropped since.
  return {streams, deadLetters: {total: messages, last_hour: Math.min(messages, recent), newest_at: lastMs}};
}
