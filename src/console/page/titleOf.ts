import type {PageState} from "../pageState.js";
import {readPlace} from "../place.js";
import {shortKey} from "./shortKey.js";

/** The title of a page: what needs attention comes first, so that it shows in a narrow tab. */
export function titleOf({url, answers: {status}}: PageState): string {
  const alarms = status?.alarms.length ?? 0;
  return [...(alarms > 0 ? [`(${alarms})`] : []), `${nameOf(url)} · dvt${status ? ` ${status.network}` : ""}`].join(" ");
}

function nameOf(url: string): string {
  const place = readPlace(url);
  switch (place?.page) {
    case "overview":
      return "Overview";
    case "cluster":
      return place.cluster;
    case "shareIndex":
      return `${place.cluster} ${place.shareIndex}`;
    case "exits":
      return `Exits: ${place.filter.state}`;
    case "exit":
      return `Exit ${shortKey(place.key)}`;
    case "deadLetters":
      return "Dead letters";
    case "system":
      return "System";
    default:
      return "Nothing here";
  }
}
