import type {ShareIndexStatus} from "../../../schemas/status.js";
import {Mark, type MarkShape} from "./Mark.js";

const step = 13;
const most = 20;
const order: readonly MarkShape[] = ["signed", "refused", "waiting", "silent"];

/** What a share index did with the latest exits of its cluster, the newest on the right. */
export function Marks({latest}: Pick<ShareIndexStatus, "latest">) {
  const shown = latest.slice(0, most).reverse();
  return (
    <svg
      class="marks"
      width={most * step}
      height="11"
      viewBox={`0 0 ${most * step} 11`}
      role="img"
      aria-label={marksText(latest)}
    >
      <title>{marksText(latest)}</title>
      {shown.map((shape, position) => (
        <Mark key={shown.length - position} shape={shape} x={(most - shown.length + position) * step} />
      ))}
    </svg>
  );
}

/** "latest 20 exits: 18 signed, 2 waiting". */
export function marksText(latest: readonly MarkShape[]): string {
  if (latest.length === 0) return "no exits yet";
  const counts = order.map((shape) => ({shape, count: latest.filter((it) => it === shape).length}));
  const said = counts.flatMap(({shape, count}) => (count > 0 ? [`${count} ${shape}`] : []));
  return `latest ${latest.length} exits: ${said.join(", ")}`;
}
