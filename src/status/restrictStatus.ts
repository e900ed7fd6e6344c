import type {RoleStatus, Status} from "../../schemas/status.js";
import type {Sight} from "./sight.js";

type Asked = {readonly participant: string; readonly sight: Sight; readonly clusterId?: string | undefined};

/** As much of the status as was asked for, and as the participant may see: an operator its clusters, and the roles that it depends on. */
export function restrictStatus(whole: Status, {participant, sight, clusterId}: Asked): Status {
  const ids = sight.clusters.map(({id}) => id).filter((id) => clusterId === undefined || id === clusterId);
  const clusters = whole.clusters.filter(({cluster_id}) => ids.includes(cluster_id));
  const alarms = whole.alarms.filter(({cluster_id}) => (cluster_id === undefined ? sight.isWhole : ids.includes(cluster_id)));
  if (sight.isWhole) return {...whole, clusters, alarms};
  const ownSidecars = clusters.flatMap(({cluster_id, share_indexes}) =>
    share_indexes.map(({share_index}) => `sidecar-${cluster_id}-${share_index}`),
  );
  const isSeen = ({role, participant: its}: RoleStatus): boolean =>
    role === "relayer" || role === "aggregator" || its === participant || ownSidecars.includes(its);
  const {network, at, oracles} = whole;
  return {
    network,
    at,
    alarms,
    clusters,
    roles: whole.roles.filter(isSeen),
    ...(oracles && {oracles}),
    keys_left: [],
    streams: [],
  };
}
