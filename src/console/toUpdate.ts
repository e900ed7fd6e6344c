import type {Snapshot} from "./pageState.js";

/** An update as JSON, from the members that have changed. It is put together from texts, which all viewers share. */
export function toUpdate(members: readonly string[], {at, outOfDate}: Pick<Snapshot, "at" | "outOfDate">): string {
  const changed = members.filter((member) => member !== "").join(",");
  const changes = changed === "" ? "" : `,"changes":{${changed}}`;
  const old = outOfDate === undefined ? "" : `,"out_of_date":${JSON.stringify(outOfDate)}`;
  return `{"at":${at}${changes}${old}}`;
}
