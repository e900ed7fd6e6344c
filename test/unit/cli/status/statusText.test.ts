import {describe, expect, it} from "vitest";
import {statusText} from "../../../../src/cli/status/statusText.js";
import {aClusterStatus, aMissing, aShareIndex, aStatus, at, atTime} from "../../../support/examples/status.js";

const stalled = aClusterStatus({
  share_indexes: [
    aShareIndex(1, {
      state: "waits",
      since: atTime(18, 11),
      waits: [{code: "CONSENSUS_UNAVAILABLE", since: atTime(18, 11), exits: 5}],
      beacon: {state: "unavailable", since: atTime(18, 10)},
    }),
    aShareIndex(2),
    aShareIndex(3, {state: "refuses", refused: [{code: "KEY_NOT_ALLOWED", exits: 3}]}),
    {share_index: 4, state: "away", signed: 0, refused: [], waits: [], latest: []},
  ],
  exits: {
    open: 5,
    oldest_opened_at: at - 12 * 60_000,
    not_taken: 2,
    completed_today: 118,
    median_ms: 40,
    p95_ms: 1100,
    per_minute: [],
  },
  missing: [aMissing()],
});

describe("the text of a status", () => {
  it("says that nothing needs anybody, and shows who signs", () => {
    expect(statusText(aStatus())).toBe(
      `hoodi: 1 cluster, 118 validators, at 18:14:30

nothing needs anybody

alpha: Obol, 3 of 4 sign, 118 validators
share index  state    last seen  last signed  signed  waits for  refused  version
          1  ■ signs  12 s ago   64 min ago      118  -          -        0.1.0 (abc1234)
          2  ■ signs  12 s ago   64 min ago      118  -          -        0.1.0 (abc1234)
          3  ■ signs  12 s ago   64 min ago      118  -          -        0.1.0 (abc1234)
          4  ■ signs  12 s ago   64 min ago      118  -          -        0.1.0 (abc1234)
  0 exits open; 118 complete today
`,
    );
  });

  it("shows the alarms first, then whose turn it is", () => {
    const alarm = {
      kind: "exits_open_long",
      cluster_id: "alpha",
      text: "5 exits of alpha are open for 12 min",
      todo: "start it",
    } as const;
    expect(statusText(aStatus({alarms: [alarm], clusters: [stalled]}))).toBe(
      `hoodi: 1 cluster, 118 validators, at 18:14:30

! 5 exits of alpha are open for 12 min
  start it

alpha: Obol, 3 of 4 sign, 118 validators
share index  state          last seen  last signed  signed  waits for                                    refused            version
          1  ▒ waits 3 min  12 s ago   64 min ago      118  CONSENSUS_UNAVAILABLE since 18:11 (5 exits)  -                  0.1.0 (abc1234)
          2  ■ signs        12 s ago   64 min ago      118  -                                            -                  0.1.0 (abc1234)
          3  ▨ refuses      12 s ago   64 min ago      118  -                                            KEY_NOT_ALLOWED 3  0.1.0 (abc1234)
          4  □ away         never      never             0  -                                            -                  -
  5 exits open, the oldest for 12 min; 118 complete today, median 40 ms, 95 % within 1.1 s; 2 complete and not taken yet
  5 exits open since 18:02: 2 of 3 shares (2, 3); share index 1 waits: CONSENSUS_UNAVAILABLE since 18:11; share index 4 was never seen
`,
    );
  });

  it("shows which server of a sidecar is away before anything waits for it", () => {
    const idle = aShareIndex(1, {
      beacon: {state: "syncing", since: atTime(18, 2)},
      signer: {state: "unavailable", since: atTime(18, 3)},
    });
    expect(statusText(aStatus({clusters: [aClusterStatus({share_indexes: [idle]})]}))).toContain(
      "beacon node syncing since 18:02, signer unavailable since 18:03",
    );
  });

  it("fits a terminal, whatever its width", () => {
    const text = statusText(aStatus({clusters: [stalled]}), {width: 100});
    expect(Math.max(...text.split("\n").map(({length}) => length))).toBeLessThanOrEqual(100);
    expect(text).toContain("since\n    18:11; share index 4 was never seen\n");
  });

  it("shows the system to whoever may see it", () => {
    const role = {instance: "0a1b2c3d", version: "0.1.0", started_at: atTime(15, 0), waits: []};
    const text = statusText(
      aStatus({
        clusters: [],
        roles: [
          {...role, participant: "relayer", role: "relayer", state: "here", last_seen: at - 2000},
          {...role, participant: "sidecar-alpha-1", role: "sidecar", state: "here", last_seen: at - 2000},
          {
            ...role,
            participant: "aggregator",
            role: "aggregator",
            state: "away",
            last_seen: atTime(18, 0),
            waits: [{code: "STORE_UNAVAILABLE", since: atTime(17, 59), exits: 2}],
          },
        ],
        oracles: {
          config_hash: `0x3fa1${"0".repeat(60)}`,
          oracles: 11,
          threshold: 6,
          source: "chain",
          since: at - 3 * 86_400_000,
          checked_at: at - 40_000,
        },
        dead_letters: {total: 3, last_hour: 1, newest_at: at - 300_000},
        results_owed: {results: 2, oldest_since: at - 180_000},
        keys_left: [{vault: `0x${"a".repeat(40)}`, keys: 23}],
        streams: [
          {stream: "REQUESTS", messages: 0, bytes: 0, consumers: []},
          {
            stream: "EXIT_SHARES",
            messages: 1204,
            bytes: 3_500_000,
            consumers: [{name: "aggregator-hoodi-alpha-1", waiting: 1200, ack_pending: 4, redelivered: 1, connected: false}],
          },
        ],
      }),
    );
    expect(text).toBe(
      `hoodi: 0 clusters, 0 validators, at 18:14:30

nothing needs anybody

role        state   last seen   runs for  waits for                      version
relayer     ■ here  2 s ago     3 h       -                              0.1.0
aggregator  □ away  14 min ago  -         STORE_UNAVAILABLE since 17:59  0.1.0

oracles: 6 of 11, set 0x3fa10000 for 3 d, from the chain, checked 40 s ago
dead letters: 3, 1 within the last hour, the newest 5 min ago (dvt dead-letters list)
results owed: 2, the oldest for 3 min
keys left: 23 of 0xaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa

stream                      messages     size  waiting  in hand  redelivered
REQUESTS                           0      0 B
EXIT_SHARES                     1204  3.3 MiB
  aggregator-hoodi-alpha-1                        1200        4            1  nobody takes from it
`,
    );
  });
});
