import type {Status} from "../../../schemas/status.js";
import {Alarms} from "./Alarms.js";
import {ClusterCard} from "./ClusterCard.js";
import {Legend} from "./Legend.js";
import {PerMinute} from "./PerMinute.js";
import {SystemLine} from "./SystemLine.js";
import type {View} from "./view.js";

/** Whose turn is it? Alarms, then every cluster, then how it goes. */
export const Overview = ({status, view}: {status: Status; view: View}) => (
  <>
    <h1 class="unseen">Overview</h1>
    <Alarms alarms={status.alarms} view={view} />
    <div class="heading">
      <h2>Clusters</h2>
      <Legend />
    </div>
    {status.clusters.length === 0 ? (
      <p class="empty">
        No cluster yet. The administrator adds one to <code>participants.json</code>, then runs <code>dvt nats config</code>,{" "}
        <code>dvt nats reload</code> and <code>dvt streams apply</code>.
      </p>
    ) : (
      <div class="cards">
        {status.clusters.map((cluster) => (
          <ClusterCard key={cluster.cluster_id} cluster={cluster} view={view} />
        ))}
      </div>
    )}
    <PerMinute clusters={status.clusters} view={view} />
    <SystemLine status={status} view={view} />
  </>
);
