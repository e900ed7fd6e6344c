import type {ClusterStatus} from "../../../schemas/status.js";
import {durationText} from "../../runtime/durationText.js";
import {urlOf} from "../place.js";
import {Since} from "./Time.js";
import type {View} from "./view.js";

/** The exits of a cluster in numbers. */
export function ClusterNumbers({cluster: {cluster_id: cluster, exits}, view}: {cluster: ClusterStatus; view: View}) {
  const {open, oldest_opened_at: oldest, not_taken, completed_today, median_ms, p95_ms} = exits;
  return (
    <dl class="numbers">
      <div>
        <dt>open</dt>
        <dd>
          <a href={urlOf({page: "exits", filter: {state: "open", cluster}})}>{open.toLocaleString("en")}</a>
        </dd>
      </div>
      <div>
        <dt>oldest</dt>
        <dd>{oldest === undefined ? "–" : <Since ms={oldest} view={view} />}</dd>
      </div>
      <div>
        <dt>done today</dt>
        <dd>
          <a href={urlOf({page: "exits", filter: {state: "complete", cluster}})}>{completed_today.toLocaleString("en")}</a>
        </dd>
      </div>
      <div>
        <dt title="From request to completion">median</dt>
        <dd>{median_ms === undefined ? "–" : durationText(median_ms)}</dd>
      </div>
      <div>
        <dt title="95 of 100 exits completed within this time">95 %</dt>
        <dd>{p95_ms === undefined ? "–" : durationText(p95_ms)}</dd>
      </div>
      {not_taken > 0 && (
        <div>
          <dt title="Complete, but not every requester has taken the result">not taken</dt>
          <dd>{not_taken.toLocaleString("en")}</dd>
        </div>
      )}
    </dl>
  );
}
