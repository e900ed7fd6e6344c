import type {ClusterStatus} from "../../../schemas/status.js";
import {countText} from "../../runtime/countText.js";
import {barsOf} from "./barsOf.js";
import {timeText} from "./timeText.js";
import type {View} from "./view.js";

const width = 600;
const height = 56;
const step = width / 60;

/** The exits that were completed in each of the last 60 minutes. */
export function PerMinute({clusters, view}: {clusters: readonly ClusterStatus[]; view: View}) {
  const {counts, total, most} = barsOf(clusters);
  const summary = total === 0 ? "none completed" : `${countText(total, "exit")} completed, at most ${most} in a minute`;
  return (
    <figure class="per-minute">
      <figcaption>
        Exits per minute, last hour <span class="aside">{summary}</span>
      </figcaption>
      <svg
        viewBox={`0 0 ${width} ${height}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`Exits per minute, last hour: ${summary}`}
      >
        {counts.map((count, minute) => {
          const tall = count === 0 ? 1 : Math.max(3, (count / most) * (height - 2));
          const from = view.at - (60 - minute) * 60_000;
          return (
            <rect
              key={minute}
              class={count === 0 ? "none" : "some"}
              x={minute * step + 1}
              y={height - tall}
              width={step - 2}
              height={tall}
            >
              <title>{`${timeText(from, view)}: ${countText(count, "exit")}`}</title>
            </rect>
          );
        })}
      </svg>
      <div class="axis" aria-hidden="true">
        <span>{timeText(view.at - 3_600_000, view)}</span>
        <span>{timeText(view.at - 1_800_000, view)}</span>
        <span>now</span>
      </div>
    </figure>
  );
}
