import {describe, expect, it} from "vitest";
import {type Clusters, toClusters} from "../../../src/clusters/clusters.js";
import {networks} from "../../../src/consensus/networks.js";
import type {ExitResult} from "../../../src/exits/completion.js";
import {fixedOracles} from "../../../src/oracles/liveOracles.js";
import {handleBatch} from "../../../src/relayer/handleBatch.js";
import type {Relayer} from "../../../src/relayer/relayer.js";
import {sweepOpen} from "../../../src/relayer/sweepOpen.js";
import {askedFor, exitRequestsIn, shownIn} from "../../support/exitRequests.js";
import {askedBy} from "../../support/found.js";
import {aLogger} from "../../support/logger.js";
import {signBatch} from "../../support/signBatch.js";
import {createStage, createTestCluster, type Dealt, lastMessage, messagesIn, type Stage} from "../../support/stage.js";

const {signal} = new AbortController();
const keyOf = (stage: Stage, of = 0): string => (stage.dealt[of] as Dealt).publicKeyHex;

type Batch = {
  batch_id?: unknown;
  network?: unknown;
  operator_id?: unknown;
  requested_at?: unknown;
  validators?: unknown;
  order_signatures?: unknown;
};

const aBatch = (stage: Stage, changes: Batch = {}): Batch => ({
  batch_id: "b-1",
  network: "hoodi",
  operator_id: "op-1",
  requested_at: Date.now(),
  validators: [{public_key: keyOf(stage), validator_index: 1000}],
  ...changes,
});

/** As its operator signs it; one that cannot be signed has a signature of nothing. */
const signed = (stage: Stage, batch: Batch): Promise<Batch> =>
  signBatch(stage, batch as never).catch(() => ({...batch, order_signatures: [`${"A".repeat(86)}==`]}));

const deliver = async (stage: Stage, batch: Batch | string, operatorId = "op-1", relayer = stage.relayer): Promise<string> => {
  const data = typeof batch === "string" ? batch : JSON.stringify({...(await signed(stage, batch)), ...batch});
  const subject = `dvt.v2.requests.hoodi.${operatorId}`;
  return handleBatch(relayer, {subject, data: new TextEncoder().encode(data), timestampMs: Date.now()});
};

const answerTo = (stage: Stage, {key = keyOf(stage), index = 1000, operatorId = "op-1"} = {}): Promise<unknown> =>
  lastMessage(stage.bus, "COMPLETIONS", `dvt.v2.completions.hoodi.${operatorId}.${key}.${index}`);

/** How many exit requests have been published, also those that a later one has replaced. */
const requestsSeen = async (stage: Stage): Promise<number> => {
  const jsm = await stage.bus.connection.jetstreamManager();
  return (await jsm.streams.info("EXIT_REQUESTS")).state.last_seq;
};

const sharesOf = ({public_keys, encrypted_exit_signatures}: ExitResult): object => ({public_keys, encrypted_exit_signatures});

describe("a batch that cannot be read", () => {
  const one = (entry: object) => (stage: Stage) =>
    aBatch(stage, {validators: [{public_key: keyOf(stage), validator_index: 1, ...entry}]});

  it.each<{id: string; batch: (stage: Stage) => Batch; code: string}>([
    {id: "an unknown network", batch: (stage) => aBatch(stage, {network: "holesky"}), code: "MESSAGE_MALFORMED"},
    {
      id: "an operator id that is not the subject's",
      batch: (stage) => aBatch(stage, {operator_id: "op-2"}),
      code: "SUBJECT_MISMATCH",
    },
    {id: "another of our networks", batch: (stage) => aBatch(stage, {network: "mainnet"}), code: "SUBJECT_MISMATCH"},
    {
      id: "a requested_at two minutes ahead",
      batch: (stage) => aBatch(stage, {requested_at: Date.now() + 120_000}),
      code: "REQUESTED_AT_AHEAD",
    },
    {id: "no keys", batch: (stage) => aBatch(stage, {validators: []}), code: "MESSAGE_MALFORMED"},
    {
      id: "1,001 keys",
      batch: (stage) =>
        aBatch(stage, {
          validators: Array.from({length: 1001}, (_, i) => ({
            public_key: `0x${i.toString(16).padStart(96, "0")}`,
            validator_index: i,
          })),
        }),
      code: "MESSAGE_MALFORMED",
    },
    {
      id: "a key twice",
      batch: (stage) => aBatch(stage, {validators: [1, 2].map((index) => ({public_key: keyOf(stage), validator_index: index}))}),
      code: "PUBLIC_KEY_REPEATED",
    },
    {id: "a key of 47 bytes", batch: one({public_key: `0x${"ab".repeat(47)}`}), code: "MESSAGE_MALFORMED"},
    {id: "a negative index", batch: one({validator_index: -1}), code: "MESSAGE_MALFORMED"},
    {id: "a fractional index", batch: one({validator_index: 1.5}), code: "MESSAGE_MALFORMED"},
    {id: "an index above 2^53", batch: one({validator_index: 2 ** 53}), code: "MESSAGE_MALFORMED"},
    {id: "an index that is a string", batch: one({validator_index: "1"}), code: "MESSAGE_MALFORMED"},
    {id: "an unknown field", batch: (stage) => ({...aBatch(stage), more: 1}), code: "MESSAGE_MALFORMED"},
    {id: "no signature", batch: (stage) => aBatch(stage, {order_signatures: []}), code: "MESSAGE_MALFORMED"},
    {
      id: "more signatures than orders",
      batch: (stage) => aBatch(stage, {order_signatures: Array(2).fill(`${"A".repeat(86)}==`)}),
      code: "MESSAGE_MALFORMED",
    },
    {
      id: "a signature of nothing",
      batch: (stage) => aBatch(stage, {order_signatures: [`${"A".repeat(86)}==`]}),
      code: "ORDER_INVALID",
    },
  ])("is rejected whole with $code, to the operator of its subject: $id", async ({batch, code}) => {
    const stage = await createStage();
    await expect(deliver(stage, batch(stage))).rejects.toMatchObject({code});
    const rejection = await lastMessage(stage.bus, "COMPLETIONS", "dvt.v2.completions.hoodi.op-1.batch.b-1");
    expect(rejection).toMatchObject({batch_id: "b-1", operator_id: "op-1", code});
    expect(await stage.db.collection("requests").countDocuments()).toBe(0);
    expect(await stage.db.collection("orders").countDocuments()).toBe(0);
    expect(await messagesIn(stage.bus, "EXIT_REQUESTS")).toBe(0);
  });

  it("is rejected under an id derived from its bytes if it is not JSON", async () => {
    const stage = await createStage();
    await expect(deliver(stage, "{")).rejects.toMatchObject({code: "MESSAGE_MALFORMED"});
    const rejection = await lastMessage(stage.bus, "COMPLETIONS", "dvt.v2.completions.hoodi.op-1.batch.*");
    expect(rejection).toMatchObject({code: "MESSAGE_MALFORMED", batch_id: expect.stringMatching(/^sha256-[0-9a-f]{32}$/)});
  });

  it("of an unknown operator gets no completion", async () => {
    const stage = await createStage();
    await expect(deliver(stage, aBatch(stage, {operator_id: "op-9"}), "op-9")).rejects.toMatchObject({code: "OPERATOR_UNKNOWN"});
    expect(await messagesIn(stage.bus, "COMPLETIONS")).toBe(0);
  });
});

describe("one bad entry of a batch", () => {
  const {publicKeyHex: strangerKey} = createTestCluster("c9").dealt[0] as Dealt;

  it.each<{id: string; key: (stage: Stage) => string; code: string}>([
    {id: "a key that is not a curve point", key: () => `0x${"ff".repeat(48)}`, code: "PUBLIC_KEY_INVALID"},
    {id: "a key that no cluster has", key: () => strangerKey, code: "VALIDATOR_UNKNOWN"},
    {
      id: "a key of a cluster that does not list the operator",
      key: ({closedDealt}) => (closedDealt[0] as Dealt).publicKeyHex,
      code: "OPERATOR_NOT_ALLOWED",
    },
  ])("is rejected alone with $code: $id", async ({key, code}) => {
    const stage = await createStage();
    const bad = key(stage);
    const validators = [
      {public_key: bad, validator_index: 999},
      {public_key: keyOf(stage), validator_index: 1000},
    ];
    expect(await deliver(stage, aBatch(stage, {validators}))).toBe("partly rejected");
    expect(await answerTo(stage, {key: bad, index: 999})).toMatchObject({status: "rejected", code});
    expect(await messagesIn(stage.bus, "EXIT_REQUESTS")).toBe(1);
  });
});

describe("a batch", () => {
  const exit = (stage: Stage, validatorIndex = 1000) => ({network: networks.hoodi, publicKey: keyOf(stage), validatorIndex});
  const result = {
    public_keys: [`0x${"aa".repeat(48)}`],
    encrypted_exit_signatures: [`0x${"bb".repeat(193)}`],
    aggregator_signature: `${"A".repeat(86)}==`,
  };
  const complete = async (stage: Stage, validatorIndex = 1000): Promise<void> => {
    const change = {exit: exit(stage, validatorIndex), clusterId: "c1", result};
    await stage.exits.write([change], stage.oracleSet.configHash, Date.now());
  };

  it("becomes an exit request for each key, after it is stored", async () => {
    const stage = await createStage();
    expect(await deliver(stage, aBatch(stage))).toBe("claimed");
    const [{request, message} = {}] = await exitRequestsIn(stage.bus);
    expect(request).toMatchObject({
      cluster_id: "c1",
      epoch: 0,
      order: {operator_id: "op-1", entries: [{public_key: keyOf(stage), validator_index: 1000}]},
    });
    expect(message?.subject).toBe(`dvt.v2.exit_requests.hoodi.c1.${request?.order_id}`);
    expect(await stage.requests.find(exit(stage))).toMatchObject({
      validatorIndex: 1000,
      state: "open",
      requesters: askedBy("op-1"),
    });
  });

  it("is answered from the store if the exit is there", async () => {
    const stage = await createStage();
    await deliver(stage, aBatch(stage));
    await complete(stage);
    await deliver(stage, aBatch(stage, {operator_id: "op-2"}), "op-2");
    expect(await answerTo(stage, {operatorId: "op-2"})).toMatchObject({
      status: "completed",
      oracles_exit_signature_shares: sharesOf(result),
    });
    expect(await stage.requests.find(exit(stage))).toMatchObject({state: "answered", requesters: askedBy("op-1", "op-2")});
  });

  it("asks sidecars again if the stored result is for another oracle set", async () => {
    const stage = await createStage();
    await deliver(stage, aBatch(stage));
    await complete(stage);
    await deliver(stage, aBatch(stage));
    const other = {...stage.relayer, oracles: fixedOracles({...stage.oracleSet, configHash: `0x${"11".repeat(32)}`})};
    await deliver(stage, aBatch(stage), "op-1", other);
    expect(await stage.requests.find(exit(stage))).toMatchObject({state: "open"});
  });

  it("with a later requested_at moves a key to its new index, and rejects the old one to its requesters", async () => {
    const stage = await createStage();
    const requested_at = Date.now();
    await deliver(stage, aBatch(stage, {requested_at}));
    const validators = [{public_key: keyOf(stage), validator_index: 2000}];
    await deliver(stage, aBatch(stage, {operator_id: "op-2", requested_at: requested_at + 1, validators}), "op-2");
    expect(await answerTo(stage)).toMatchObject({status: "rejected", code: "EXIT_SUPERSEDED"});
    expect(await stage.requests.find(exit(stage))).toMatchObject({validatorIndex: 2000, requesters: askedBy("op-2")});
    // The old batch, redelivered, moves nothing back.
    await deliver(stage, aBatch(stage, {requested_at}));
    expect(await stage.requests.find(exit(stage))).toMatchObject({validatorIndex: 2000});
  });

  it.each([
    {id: "is known to be answered", asksAgain: true},
    {id: "has a result that nobody has read yet", asksAgain: false},
  ])("with another index leaves the last completion of an exit that $id", async ({asksAgain}) => {
    const stage = await createStage();
    const requested_at = Date.now();
    await deliver(stage, aBatch(stage, {requested_at}));
    await complete(stage);
    if (asksAgain) await deliver(stage, aBatch(stage, {requested_at}));
    const validators = [{public_key: keyOf(stage), validator_index: 2000}];
    await deliver(stage, aBatch(stage, {requested_at: requested_at + 1, validators}));
    expect(await answerTo(stage)).toMatchObject({status: "completed"});
  });

  it("that is redelivered after a later one asks the sidecars with the later one's requested_at", async () => {
    const stage = await createStage();
    const requested_at = Date.now() - 10;
    await deliver(stage, aBatch(stage, {requested_at}));
    await deliver(stage, aBatch(stage, {operator_id: "op-2", requested_at: requested_at + 5}), "op-2");
    await deliver(stage, aBatch(stage, {requested_at}));
    const asked = await askedFor(stage.bus, keyOf(stage));
    expect(asked.at(-1)).toMatchObject({requested_at: requested_at + 5, operator_id: "op-2"});
    expect(await requestsSeen(stage)).toBe(2);
  });

  it("with the same requested_at and another index leaves the first one current", async () => {
    const stage = await createStage();
    const requested_at = Date.now();
    await deliver(stage, aBatch(stage, {requested_at}));
    await deliver(stage, aBatch(stage, {requested_at, validators: [{public_key: keyOf(stage), validator_index: 2000}]}));
    expect(await answerTo(stage, {index: 2000})).toMatchObject({status: "rejected", code: "EXIT_SUPERSEDED"});
    expect(await stage.requests.find(exit(stage))).toMatchObject({validatorIndex: 1000});
  });

  it("keeps one index current if many ask for many at once", async () => {
    const stage = await createStage();
    const start = Date.now() - 1000;
    const batches = Array.from({length: 8}, (_, i) =>
      aBatch(stage, {requested_at: start + i, validators: [{public_key: keyOf(stage), validator_index: 3000 + i}]}),
    );
    await Promise.all(batches.map((batch) => deliver(stage, batch)));
    expect(await stage.requests.find(exit(stage))).toMatchObject({validatorIndex: 3007, requestedAt: start + 7});
  });

  it.each<{id: string; known: (stage: Stage) => Clusters; code: string}>([
    {id: "an unknown validator", known: () => toClusters([]), code: "VALIDATOR_UNKNOWN"},
    {
      id: "a validator of a cluster that does not list the operator",
      known: ({cluster}) => toClusters([{...cluster, operatorIds: ["op-2"]}]),
      code: "OPERATOR_NOT_ALLOWED",
    },
  ])("for $id is decided after a reload", async ({known, code}) => {
    const stage = await createStage();
    const isRejected = async (): Promise<boolean> => ((await answerTo(stage)) as {code?: string} | undefined)?.code === code;
    let [clusters, found] = [known(stage), known(stage)];
    const reload = async (): Promise<void> => {
      clusters = found;
    };
    const relayer: Relayer = {
      ...stage.relayer,
      clusters: {...clusters, byPublicKey: (key) => clusters.byPublicKey(key)},
      reload,
    };
    const batch = aBatch(stage);
    await deliver(stage, batch, "op-1", relayer);
    expect(await isRejected()).toBe(true);
    found = stage.relayer.clusters;
    await deliver(stage, batch, "op-1", relayer);
    expect(await stage.requests.find(exit(stage))).toMatchObject({state: "open"});
  });

  it("leaves a key unanswered while a cluster that may have it cannot be read", async () => {
    const stage = await createStage();
    let clusters = toClusters([], ["c1"]);
    const relayer: Relayer = {
      ...stage.relayer,
      clusters: {
        ...clusters,
        get awaited() {
          return clusters.awaited;
        },
        byPublicKey: (key) => clusters.byPublicKey(key),
      },
    };
    const batch = aBatch(stage);
    await deliver(stage, batch, "op-1", relayer);
    expect(await answerTo(stage)).toBeUndefined();
    clusters = toClusters([stage.cluster]);
    await deliver(stage, batch, "op-1", relayer);
    expect(await stage.requests.find(exit(stage))).toMatchObject({state: "open"});
  });

  it("of 1,000 keys is claimed at once", async () => {
    const stage = await createStage();
    const {publicKeyHex, validator} = stage.dealt[0] as Dealt;
    const keys = Array.from({length: 1000}, (_, i) => `0x${i.toString(16).padStart(96, "0")}`);
    const cluster = {...stage.cluster, validators: new Map(keys.map((key) => [key, validator]))};
    const relayer = {...stage.relayer, clusters: {...stage.relayer.clusters, byPublicKey: () => ({cluster, validator})}};
    const validators = keys.map((public_key, validator_index) => ({public_key, validator_index}));
    await deliver(stage, aBatch(stage, {validators}), "op-1", relayer);
    const requests = await exitRequestsIn(stage.bus);
    expect(requests).toHaveLength(16);
    expect(new Set(requests.flatMap(({request}) => shownIn(request).map(({public_key}) => public_key)))).toEqual(new Set(keys));
    expect(await stage.db.collection("orders").countDocuments()).toBe(16);
    expect(keys).not.toContain(publicKeyHex);
  });
});

describe("an exit that stays open", () => {
  const open = async (times: {reissueAfterMs: number; exitLifetimeMs: number}): Promise<Stage> => {
    const stage = await createStage(times);
    await deliver(stage, aBatch(stage));
    return stage;
  };
  const head = (stage: Stage) => stage.requests.find({network: networks.hoodi, publicKey: keyOf(stage)});
  it("is reissued, each time after twice the interval", async () => {
    const stage = await open({reissueAfterMs: 1000, exitLifetimeMs: 1e9});
    const {dueAt: first = 0} = (await head(stage)) ?? {};
    await sweepOpen(stage.relayer, first - 1, signal);
    expect(await requestsSeen(stage)).toBe(1);
    await sweepOpen(stage.relayer, first, signal);
    expect(await requestsSeen(stage)).toBe(2);
    const second = await head(stage);
    expect(second).toMatchObject({dueAt: first + 2000, issues: 2});
    await sweepOpen(stage.relayer, first + 2000, signal);
    expect(await head(stage)).toMatchObject({dueAt: first + 6000, issues: 3});
  });

  it("is reissued once if two relayers sweep at the same time", async () => {
    const stage = await open({reissueAfterMs: 1000, exitLifetimeMs: 1e9});
    const {dueAt = 0} = (await head(stage)) ?? {};
    await Promise.all([sweepOpen(stage.relayer, dueAt, signal), sweepOpen(stage.relayer, dueAt, signal)]);
    expect(await head(stage)).toMatchObject({issues: 2});
    expect(await requestsSeen(stage)).toBe(2);
  });

  it("expires with a rejection, and only a new request reopens it", async () => {
    const stage = await open({reissueAfterMs: 1000, exitLifetimeMs: 5000});
    const {openedAt = 0, requestedAt = 0} = (await head(stage)) ?? {};
    await sweepOpen(stage.relayer, openedAt + 5000, signal);
    expect(await answerTo(stage)).toMatchObject({status: "rejected", code: "EXIT_EXPIRED"});
    expect(await head(stage)).toMatchObject({state: "expired"});
    await deliver(stage, aBatch(stage, {requested_at: requestedAt}));
    expect(await head(stage)).toMatchObject({state: "expired"});
    await deliver(stage, aBatch(stage, {requested_at: requestedAt + 1}));
    expect(await head(stage)).toMatchObject({state: "open", requestedAt: requestedAt + 1});
  });

  it("expires in one line with the others of a page", async () => {
    const stage = await createStage({reissueAfterMs: 1000, exitLifetimeMs: 5000});
    await deliver(
      stage,
      aBatch(stage, {validators: [0, 1].map((of) => ({public_key: keyOf(stage, of), validator_index: 1000 + of}))}),
    );
    const {logger, logged} = aLogger();
    await sweepOpen({...stage.relayer, logger}, Date.now() + 3_600_000, signal);
    const exits = [0, 1].map((of) => expect.stringContaining(keyOf(stage, of)));
    expect(logged).toMatchObject([
      {msg: "exits expired", code: "EXIT_EXPIRED", cluster_id: "c1", issues: 1, exits: expect.arrayContaining(exits)},
    ]);
  });

  it("is closed once its result is there, and its completion is published again", async () => {
    const stage = await open({reissueAfterMs: 1000, exitLifetimeMs: 1e9});
    const exit = {network: networks.hoodi, publicKey: keyOf(stage), validatorIndex: 1000};
    const result = {
      public_keys: [`0x${"aa".repeat(48)}`],
      encrypted_exit_signatures: [`0x${"bb".repeat(193)}`],
      aggregator_signature: `${"A".repeat(86)}==`,
    };
    await stage.exits.write([{exit, clusterId: "c1", result}], stage.oracleSet.configHash, Date.now());
    await sweepOpen(stage.relayer, Date.now() + 2000, signal);
    expect(await head(stage)).toMatchObject({state: "answered"});
    expect(await answerTo(stage)).toMatchObject({status: "completed", oracles_exit_signature_shares: sharesOf(result)});
  });
});
