import type {Status} from "../../schemas/status.js";
import {alarmsOf} from "./alarms.js";
import type {BusState} from "./readBusState.js";
import {readCluster} from "./readCluster.js";
import {readKeysLeft} from "./readKeysLeft.js";
import {readRoles} from "./readRoles.js";
import {readStreams} from "./readStreams.js";
import type {StatusSources} from "./sources.js";

const dayMs = 86_400_000;

/** The status of everything. STORE_UNAVAILABLE, BUS_UNAVAILABLE, STREAMS_MISSING. */
export async function readStatus(sources: StatusSources, busStateNow: () => Promise<BusState>): Promise<Status> {
  const {network, clusters, sightings, bus, clock, requestViews, exitViews} = sources;
  const at = clock.now();
  const ids = clusters.all.map(({id}) => id);
  const [busState, openRequests, completedToday, owed] = await Promise.all([
    busStateNow(),
    requestViews.countOpen(ids),
    exitViews.countCompleted(ids, at - (at % dayMs)),
    exitViews.countOwed(),
  ]);
  const isListed = (participant: string): boolean => bus.publishers(`dvt.v2.presence.${network.name}.${participant}`).length > 0;
  const read: Status["clusters"] = [];
  for (const cluster of clusters.all) {
    const {id} = cluster;
    const counts = {openRequests: openRequests.get(id)?.count ?? 0, completedToday: completedToday.get(id)?.count ?? 0};
    read.push(await readCluster(sources, cluster, {nowMs: at, counts}));
  }
  const status: Status = {
    network: network.name,
    at,
    alarms: [],
    clusters: read,
    roles: readRoles(sightings, isListed, at),
    ...readOracles(sources, at),
    dead_letters: busState.deadLetters,
    results_owed: {results: owed.count, ...(owed.oldest !== undefined && {oldest_since: owed.oldest})},
    keys_left: readKeysLeft(sightings),
    streams: readStreams(busState.streams),
  };
  return {...status, alarms: alarmsOf(status)};
}

function readOracles({oracles, oraclesFact}: StatusSources, at: number): Pick<Status, "oracles"> {
  const {publicKeys, threshold} = oracles.current();
  const {oracles: fact} = oraclesFact();
  if (!fact) return {};
  const checkedAt = fact.source === "chain" && {checked_at: Math.round(at - oracles.checkedAgoMs())};
  return {oracles: {...fact, oracles: publicKeys.length, threshold, ...checkedAt}};
}
