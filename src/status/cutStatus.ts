import {answer} from "../../schemas/answer.js";
import type {Status} from "../../schemas/status.js";

/** The answer has other fields beside the status. */
const mostBytes = answer.maxBytes - 1024;

const fewGroups = 5;

type Cut = (status: Status) => Status;

const keepGroups =
  (most: number): Cut =>
  (status) => ({
    ...status,
    clusters: status.clusters.map(({missing, beyond = 0, ...cluster}) => {
      const dropped = missing.slice(most).reduce((sum, {exits}) => sum + exits, 0);
      return {...cluster, missing: missing.slice(0, most), ...(beyond + dropped > 0 && {beyond: beyond + dropped})};
    }),
  });

/** What is missed least comes first. */
const cuts: readonly Cut[] = [
  (status) => ({...status, streams: status.streams.map((stream) => ({...stream, consumers: []}))}),
  (status) => ({
    ...status,
    clusters: status.clusters.map((cluster) => ({
      ...cluster,
      share_indexes: cluster.share_indexes.map((it) => ({...it, latest: []})),
    })),
  }),
  (status) => ({...status, roles: status.roles.filter(({role}) => role !== "sidecar")}),
  keepGroups(fewGroups),
  keepGroups(0),
];

/** The status as it fits into a message: the lists that are missed least are cut, then clusters from the end. */
export function cutStatus(whole: Status, most = mostBytes): Status {
  const fits = (status: Status): boolean => Buffer.byteLength(JSON.stringify(status)) <= most;
  if (fits(whole)) return whole;
  let status: Status = {...whole, cut: true};
  for (const cut of cuts) {
    status = cut(status);
    if (fits(status)) return status;
  }
  while (!fits(status) && status.clusters.length > 0) {
    status = {...status, clusters: status.clusters.slice(0, Math.floor(status.clusters.length / 2))};
  }
  return status;
}
