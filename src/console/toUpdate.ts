import type {Snapshot} from "./pageState.js";

/** An update as JSON, from the members that have changed. It is put together from texts, which all viewers share. */
export function toUpdate(members: readonly string[], {at, outOfDateSince}: Pick<Snapshot, "at" | "outOfDateSince">): string {
  const changed = members.filter((member) => member !== "").join(",");
  const changes = changed === "" ? "" : `,"changes":{${changed}}`;
  const outOfDate = outOfDateSince === undefined ? "" : `,"out_of_date_since":${outOfDateSince}`;
  return `{"at":${at}${changes}${outOfDate}}`;
}
