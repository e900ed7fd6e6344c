import type {ClusterStatus} from "../../../schemas/status.js";
import {urlOf} from "../place.js";
import {ClusterNumbers} from "./ClusterNumbers.js";
import {MissingLine} from "./MissingLine.js";
import {isWide, ShareIndexTable} from "./ShareIndexTable.js";
import type {View} from "./view.js";

const mostMissing = 4;

/** A cluster at a glance: who signs, what is open and whose turn it is, how fast it goes. */
export function ClusterCard({cluster, view}: {cluster: ClusterStatus; view: View}) {
  const {cluster_id: id, missing} = cluster;
  return (
    <section class={isWide(cluster) ? "card wide" : "card"} aria-labelledby={`cluster-${id}`}>
      <header>
        <h3 id={`cluster-${id}`}>
          <a href={urlOf({page: "cluster", cluster: id})}>{id}</a>
        </h3>
        <p class="kind">{kindText(cluster)}</p>
        <Quorum cluster={cluster} />
      </header>
      <ShareIndexTable cluster={cluster} view={view} />
      {missing.length > 0 && (
        <ul class="missing">
          {missing.slice(0, mostMissing).map((it) => (
            <MissingLine key={it.first[0] ?? it.opened_at} missing={it} view={view} />
          ))}
          {missing.length > mostMissing && (
            <li>
              <a href={urlOf({page: "exits", filter: {state: "open", cluster: id}})}>
                and {missing.length - mostMissing} more groups
              </a>
            </li>
          )}
        </ul>
      )}
      <ClusterNumbers cluster={cluster} view={view} />
    </section>
  );
}

/** "Obol, 118 validators". */
export const kindText = ({type, validators}: ClusterStatus): string =>
  `${type === "obol" ? "Obol" : "SSV"} · ${validators.toLocaleString("en")} ${validators === 1 ? "validator" : "validators"}`;

/** How many sign, and how many have to. */
export function Quorum({cluster: {threshold, share_indexes}}: {cluster: ClusterStatus}) {
  const able = share_indexes.filter(({state}) => state === "signs").length;
  const isShort = able < threshold;
  return (
    <p class={isShort ? "quorum short" : "quorum"} title={`${threshold} of ${share_indexes.length} have to sign`}>
      {isShort && <span aria-hidden="true">! </span>}
      {able} of {share_indexes.length} sign, {threshold} needed
    </p>
  );
}
