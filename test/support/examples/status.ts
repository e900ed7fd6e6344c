import type {ClusterStatus, Lack, Missing, ShareIndexStatus, Status} from "../../../schemas/status.js";

/** 18:14:30 in the zone of whoever runs the tests. */
export const at = new Date(2026, 10, 29, 18, 14, 30).getTime();
/** A time of that day. */
export const atTime = (hours: number, minutes: number, seconds = 0, ms = 0): number =>
  new Date(2026, 10, 29, hours, minutes, seconds, ms).getTime();

export const aShareIndex = (shareIndex: number, more: Partial<ShareIndexStatus> = {}): ShareIndexStatus => ({
  share_index: shareIndex,
  state: "signs",
  last_seen: at - 12_000,
  last_signed: atTime(17, 10),
  signed: 118,
  refused: [],
  waits: [],
  key_shares: 118,
  version: "0.1.0 (abc1234)",
  latest: [],
  ...more,
});

/** Share index 1's beacon node is away, share index 4 was not started. */
export const lacks: readonly Lack[] = [
  {share_index: 1, why: "waits", code: "CONSENSUS_UNAVAILABLE", since: atTime(18, 11)},
  {share_index: 4, why: "away"},
];

export const aMissing = (more: Partial<Missing> = {}): Missing => ({
  exits: 5,
  first: [],
  opened_at: at - 12 * 60_000,
  has: [2, 3],
  needs: 3,
  lacks: [...lacks],
  ...more,
});

export const aClusterStatus = (more: Partial<ClusterStatus> = {}): ClusterStatus => ({
  cluster_id: "alpha",
  type: "obol",
  threshold: 3,
  validators: 118,
  share_indexes: [1, 2, 3, 4].map((it) => aShareIndex(it)),
  exits: {open: 0, not_taken: 0, completed_today: 118, per_minute: []},
  missing: [],
  ...more,
});

export const aStatus = (more: Partial<Status> = {}): Status => ({
  network: "hoodi",
  at,
  alarms: [],
  clusters: [aClusterStatus()],
  roles: [],
  keys_left: [],
  streams: [],
  ...more,
});
