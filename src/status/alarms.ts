import type {Alarm, Status} from "../../schemas/status.js";
import {clusterAlarms} from "./clusterAlarms.js";
import {roleAlarms} from "./roleAlarms.js";
import {systemAlarms} from "./systemAlarms.js";

/** More are not read by anybody. */
const mostAlarms = 200;

/** What needs attention: exits first, then those who sign them, then the rest. */
export const alarmsOf = (status: Status): Alarm[] =>
  [
    ...status.clusters.flatMap((cluster) => clusterAlarms(cluster, status.at)),
    ...roleAlarms(status),
    ...systemAlarms(status),
  ].slice(0, mostAlarms);
