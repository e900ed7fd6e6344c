import type {Status} from "../../../schemas/status.js";
import {countText} from "../../runtime/countText.js";
import {printable} from "../../runtime/printable.js";
import {timeText} from "../timeText.js";
import {wrapped} from "../wrapped.js";
import {clusterText} from "./clusterText.js";
import {systemText} from "./systemText.js";

type Options = {
  /** The most characters of a line. */
  readonly width?: number | undefined;
};

/** A status for people: what needs attention, then each cluster, then the rest of the system. */
export function statusText(status: Status, {width}: Options = {}): string {
  const {network, at, alarms, clusters} = status;
  const validators = clusters.reduce((sum, it) => sum + it.validators, 0);
  const head = `${network}: ${countText(clusters.length, "cluster")}, ${countText(validators, "validator")}, at ${timeText(at, at, "seconds")}\n`;
  const needsSomebody = alarms.map(
    ({text, todo}) =>
      wrapped(`! ${printable(text)}`, {width, indent: "  "}) + wrapped(`  ${printable(todo)}`, {width, indent: "  "}),
  );
  return [
    head,
    needsSomebody.length > 0 ? needsSomebody.join("") : "nothing needs anybody\n",
    ...clusters.map((cluster) => clusterText(cluster, {at, width})),
    systemText(status, {width}),
  ]
    .filter((part) => part !== "")
    .join("\n");
}
