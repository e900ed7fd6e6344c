import type {ClusterStatus, Status} from "../../../schemas/status.js";
import {urlOf} from "../place.js";
import {Alarms} from "./Alarms.js";
import {kindText, Quorum} from "./ClusterCard.js";
import {ClusterNumbers} from "./ClusterNumbers.js";
import {Legend} from "./Legend.js";
import {MissingLine} from "./MissingLine.js";
import {PerMinute} from "./PerMinute.js";
import {ShareIndexTable} from "./ShareIndexTable.js";
import type {View} from "./view.js";

/** One cluster. */
export const ClusterPage = ({cluster, status, view}: {cluster: ClusterStatus; status: Status; view: View}) => {
  const {cluster_id: id, missing} = cluster;
  const alarms = status.alarms.filter((it) => it.cluster_id === id);
  return (
    <>
      <header class="title">
        <h1>{id}</h1>
        <p>{kindText(cluster)}</p>
        <Quorum cluster={cluster} />
      </header>
      {alarms.length > 0 && <Alarms alarms={alarms} view={view} />}
      <ClusterNumbers cluster={cluster} view={view} />
      <div class="heading">
        <h2>Share indexes</h2>
        <Legend />
      </div>
      <div class="card">
        <ShareIndexTable cluster={cluster} view={view} />
      </div>
      <div class="heading">
        <h2>Open exits, by whose turn it is</h2>
        <a href={urlOf({page: "exits", filter: {state: "open", cluster: id}})}>one by one</a>
      </div>
      {missing.length === 0 ? (
        <p class="empty">No exit of this cluster is open.</p>
      ) : (
        <ul class="missing">
          {missing.map((it) => (
            <MissingLine key={it.first[0] ?? it.opened_at} missing={it} view={view} />
          ))}
        </ul>
      )}
      <PerMinute clusters={[cluster]} view={view} />
    </>
  );
};
