import type {ClusterStatus, ExitLine, ExitStory, Lack, Missing, ShareIndexStatus, Status} from "../../../schemas/status.js";

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

export const publicKey = `0x92183f2a${"0".repeat(82)}9f8e0c`;

export const anExitLine = (more: Partial<ExitLine> = {}): ExitLine => ({
  public_key: publicKey,
  validator_index: 1000,
  cluster_id: "alpha",
  state: "open",
  opened_at: at - 12 * 60_000,
  has: [2, 3],
  needs: 3,
  lacks: [...lacks],
  ...more,
});

export const anExitStory = (more: Partial<ExitStory> = {}): ExitStory => ({
  ...anExitLine({opened_at: atTime(18, 2, 4, 120), issues: 2}),
  at,
  threshold: 3,
  share_indexes: [1, 2, 3, 4],
  requesters: [{operator_id: "acme", requested_at: atTime(18, 2, 4, 120), order_id: `0x12ab34cd${"0".repeat(56)}`}],
  issued_at: atTime(18, 2, 4, 130),
  reissued_at: atTime(18, 12, 4, 200),
  shares: [
    {share_index: 3, at: atTime(18, 2, 4, 180)},
    {share_index: 2, at: atTime(18, 2, 4, 181)},
  ],
  refusals: [],
  ...more,
});
