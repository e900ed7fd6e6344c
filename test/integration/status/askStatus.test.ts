import {expect, it} from "vitest";
import {ask} from "../../support/stage.js";
import {createStatusStage, storeResult, storeShares} from "../../support/statusStage.js";

it.each([
  {participant: "admin", clusters: ["c1", "c2"]},
  {participant: "viewer-v-1", clusters: ["c1", "c2"]},
  {participant: "operator-op-2", clusters: ["c1", "c2"]},
  {participant: "operator-op-1", clusters: ["c1"]},
])("tells $participant of $clusters", async ({participant, clusters}) => {
  const stage = await createStatusStage();
  const reader = await stage.askAs(participant);
  const status = await reader.status({});
  const isWhole = !participant.startsWith("operator");
  expect(status.clusters.map(({cluster_id}) => cluster_id)).toEqual(clusters);
  expect(status.streams.length > 0).toBe(isWhole);
  expect("dead_letters" in status).toBe(isWhole);
  const [one] = (await reader.status({cluster_id: "c1"})).clusters;
  expect(one).toMatchObject({cluster_id: "c1", type: "obol", threshold: 3, validators: 2});
});

it("shows an operator no exit of a cluster that is not its own", async () => {
  const stage = await createStatusStage();
  await ask({...stage, dealt: stage.closedDealt}, {clusterId: "c2", operatorId: "op-2", validatorIndex: 1});
  const [{publicKeyHex = ""} = {}] = stage.closedDealt;
  const named = [{public_key: publicKeyHex, validator_index: 1}];
  for (const {participant, seen} of [
    {participant: "operator-op-1", seen: 0},
    {participant: "operator-op-2", seen: 1},
    {participant: "viewer-v-1", seen: 1},
  ]) {
    const reader = await stage.askAs(participant);
    expect((await reader.exits({state: "open"})).exits).toHaveLength(seen);
    expect((await reader.exits({state: "open", public_key: publicKeyHex})).exits).toHaveLength(seen);
    expect((await reader.exits({state: "open", cluster_id: "c2"})).exits).toHaveLength(seen);
    expect((await reader.namedExits({exits: named})).exits).toHaveLength(seen);
    expect(await reader.exit({public_key: publicKeyHex})).toEqual(
      seen === 0 ? undefined : expect.objectContaining({state: "open"}),
    );
  }
});

it("says of each share index why its share is missing: refused before away, away before waits, waits before asked", async () => {
  const stage = await createStatusStage();
  const requestedAt = Date.now();
  await ask(stage, {requestedAt});
  const waits = [
    {code: "RATE_LIMITED", since: 70, exits: 1},
    {code: "CONSENSUS_UNAVAILABLE", since: 60, exits: 1},
  ];
  await stage.appear(1, {state: "stops", waits});
  await stage.appear(2, {state: "stops", waits});
  await stage.appear(3, {waits});
  await stage.appear(4);
  const refusal = {code: "VALIDATOR_ACTIVE", reason: "it is active", requested_at: requestedAt, at: requestedAt + 5};
  const exit = stage.exitOf(0);
  await stage.exits.addRefusal({exit, clusterId: "c1", shareIndex: 1, refusal}, stage.oracleSet.configHash);
  const reader = await stage.askAs("operator-op-1");
  const lacks = [
    {share_index: 1, why: "refused", code: "VALIDATOR_ACTIVE", since: requestedAt + 5},
    {share_index: 2, why: "away", since: expect.any(Number)},
    {share_index: 3, why: "waits", code: "CONSENSUS_UNAVAILABLE", since: 60},
    {share_index: 4, why: "asked", since: expect.any(Number)},
  ];
  const [{missing = [], share_indexes = []} = {}] = (await reader.status({})).clusters;
  expect(missing).toMatchObject([{exits: 1, has: [], needs: 3, lacks}]);
  expect((await reader.exits({state: "open"})).exits).toMatchObject([{has: [], needs: 3, lacks}]);
  expect(await reader.exit({public_key: exit.publicKey})).toMatchObject({
    lacks,
    refusals: [{share_index: 1, code: "VALIDATOR_ACTIVE"}],
  });
  expect(share_indexes.map(({state}) => state)).toEqual(["away", "away", "waits", "signs"]);
});

it("does not count the refusal of an earlier request", async () => {
  const stage = await createStatusStage();
  const requestedAt = Date.now();
  await ask(stage, {requestedAt});
  const exit = stage.exitOf(0);
  const refusal = {code: "INDEX_LIMIT", reason: "too many", requested_at: requestedAt - 1, at: requestedAt};
  await stage.exits.addRefusal({exit, clusterId: "c1", shareIndex: 1, refusal}, stage.oracleSet.configHash);
  await stage.appear(1);
  const [line] = (await (await stage.askAs("admin")).exits({state: "open"})).exits;
  expect(line?.lacks[0]).toMatchObject({share_index: 1, why: "asked"});
});

it("groups open exits that lack the same, and says that a silent share index is away after 90 s", async () => {
  const stage = await createStatusStage({validators: 3});
  await ask(stage, {count: 3});
  for (const shareIndex of [1, 2, 3, 4]) await stage.appear(shareIndex);
  const now = Date.now();
  await storeShares(stage, stage.exitOf(0), [1, 2], now + 1);
  await storeShares(stage, stage.exitOf(1), [1, 2], now + 2);
  stage.ahead(95_000);
  const [cluster] = (await (await stage.askAs("viewer-v-1")).status({})).clusters;
  expect(cluster?.exits).toMatchObject({open: 3, completed_today: 0});
  expect(
    cluster?.missing
      .map(({exits, has, lacks}) => ({exits, has, lacks: lacks.map(({share_index, why}) => [share_index, why])}))
      .toSorted((a, b) => b.exits - a.exits),
  ).toEqual([
    {
      exits: 2,
      has: [1, 2],
      lacks: [
        [3, "away"],
        [4, "away"],
      ],
    },
    {
      exits: 1,
      has: [],
      lacks: [
        [1, "away"],
        [2, "away"],
        [3, "away"],
        [4, "away"],
      ],
    },
  ]);
});

it("lists the exits of each state, and tells the life of one", async () => {
  const stage = await createStatusStage({validators: 5});
  const {requests, oracleSet} = stage;
  const requestedAt = Date.now();
  await ask(stage, {count: 5, requestedAt});
  // 0 stays open, 1 is complete, 2 rejected, 3 superseded by 2003, 4 expired.
  await storeResult(stage, stage.exitOf(1), requestedAt + 40);
  for (const shareIndex of [1, 2]) {
    const refusal = {code: "KEY_NOT_ALLOWED", reason: "not listed", requested_at: requestedAt, at: requestedAt + 1};
    await stage.exits.addRefusal({exit: stage.exitOf(2), clusterId: "c1", shareIndex, refusal}, oracleSet.configHash);
  }
  await ask(stage, {of: 3, validatorIndex: 2000, requestedAt: requestedAt + 10});
  await requests.markExpired(stage.exitOf(4));
  const reader = await stage.askAs("operator-op-2");
  const listed = async (state: Parameters<typeof reader.exits>[0]["state"]) =>
    (await reader.exits({state})).exits.map(({validator_index}) => validator_index);
  expect(await listed("open")).toEqual([1000, 2003]);
  expect(await listed("complete")).toEqual([1001]);
  expect(await listed("rejected")).toEqual([1002]);
  expect(await listed("superseded")).toEqual([1003]);
  expect(await listed("expired")).toEqual([1004]);
  const named = [0, 1, 2, 3, 4].map((of) => ({public_key: stage.exitOf(of).publicKey, validator_index: 1000 + of}));
  expect((await reader.namedExits({exits: named})).exits.map(({state}) => state)).toEqual([
    "open",
    "complete",
    "rejected",
    "superseded",
    "expired",
  ]);
  expect(await reader.exit({public_key: stage.exitOf(1).publicKey})).toMatchObject({
    state: "complete",
    opened_at: requestedAt,
    completed_at: requestedAt + 40,
    is_taken: false,
    shares: [1, 2, 3].map((share_index) => ({share_index, at: requestedAt + 40})),
    threshold_at: requestedAt + 40,
    requesters: [{operator_id: "op-1", requested_at: requestedAt}],
    oracles_config_hash: oracleSet.configHash,
  });
  expect(await reader.exit({public_key: stage.exitOf(3).publicKey, validator_index: 1003})).toMatchObject({
    state: "superseded",
    superseded_by: 2003,
  });
  const [cluster] = (await reader.status({cluster_id: "c1"})).clusters;
  expect(cluster?.exits).toMatchObject({open: 2, not_taken: 1, completed_today: 1, median_ms: 40, p95_ms: 40});
  expect(cluster?.exits.per_minute.reduce((sum, it) => sum + it, 0)).toBe(1);
});

it("gives a list in pages, of keys that begin like this or of exits that are old enough", async () => {
  const stage = await createStatusStage({validators: 5});
  await ask(stage, {count: 5});
  const reader = await stage.askAs("admin");
  const seen: number[] = [];
  for (let cursor: string | undefined, more = true; more; ) {
    const page = await reader.exits({state: "open", limit: 2, ...(cursor !== undefined && {cursor})});
    expect(page.exits.length).toBeLessThanOrEqual(2);
    seen.push(...page.exits.map(({validator_index}) => validator_index));
    cursor = page.cursor;
    more = cursor !== undefined;
  }
  expect(seen.toSorted()).toEqual([1000, 1001, 1002, 1003, 1004]);
  const prefix = stage.exitOf(2).publicKey.slice(0, 20);
  expect((await reader.exits({state: "open", public_key: prefix})).exits).toMatchObject([{validator_index: 1002}]);
  expect((await reader.exits({state: "open", older_than_ms: 60_000})).exits).toEqual([]);
  stage.ahead(61_000);
  expect((await reader.exits({state: "open", older_than_ms: 60_000})).exits).toHaveLength(5);
  await expect(reader.exits({state: "open", cursor: "x"})).rejects.toMatchObject({code: "MESSAGE_MALFORMED"});
});
