import type {Status} from "../../schemas/status.js";
import {inspectStreams} from "../messaging/inspectStreams.js";
import {readCluster} from "./readCluster.js";
import {readRoles} from "./readRoles.js";
import {readStreams} from "./readStreams.js";
import type {StatusSources} from "./sources.js";

/** The status of everything. STORE_UNAVAILABLE, BUS_UNAVAILABLE, STREAMS_MISSING. */
export async function readStatus(sources: StatusSources): Promise<Status> {
  const {network, clusters, sightings, bus, clock, oracles, oraclesFact} = sources;
  const at = clock.now();
  const streams = await inspectStreams(bus);
  const isListed = (participant: string): boolean => bus.publishers(`dvt.v2.presence.${network.name}.${participant}`).length > 0;
  const {publicKeys, threshold} = oracles.current();
  const {oracles: fact} = oraclesFact();
  return {
    network: network.name,
    at,
    alarms: [],
    clusters: clusters.all.map((cluster) => readCluster(sources, cluster, at)),
    roles: readRoles(sightings, isListed, at),
    ...(fact && {oracles: {...fact, oracles: publicKeys.length, threshold}}),
    keys_left: [],
    streams: readStreams(streams),
  };
}
