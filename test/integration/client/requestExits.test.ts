import {join} from "node:path";
import {describe, expect, it} from "vitest";
import {batchRejection} from "../../../schemas/batchRejection.js";
import {type ExitBatch, exitBatch} from "../../../schemas/exitBatch.js";
import {type ExitCompletion, exitCompletion} from "../../../schemas/exitCompletion.js";
import {requestExits} from "../../../src/client/requestExits.js";
import {networks} from "../../../src/consensus/networks.js";
import {encrypt} from "../../../src/ecies/ecies.js";
import {resultContent} from "../../../src/exits/completion.js";
import {blind, randomCoefficients, splitExit} from "../../../src/exits/splitExit.js";
import {decode} from "../../../src/messaging/decode.js";
import {publish} from "../../../src/messaging/publish.js";
import {fixedOracles} from "../../../src/oracles/liveOracles.js";
import {toHex} from "../../../src/runtime/hex.js";
import {hearReceipts} from "../../support/hearReceipts.js";
import {aLogger} from "../../support/logger.js";
import {silent, temporaryFolder} from "../../support/servers.js";
import {aDeposit, aVault, createStage, type Dealt, type Stage, storedMessage} from "../../support/stage.js";
import {startTestSidecar} from "../../support/startTestSidecar.js";
import {startCentre} from "../../support/testGateway.js";
import {untilMessages} from "../../support/until.js";

const request = async (stage: Stage, changes: Partial<Parameters<typeof requestExits>[0]> = {}) =>
  requestExits({
    bus: await stage.busOf("operator-op-1"),
    network: networks.hoodi,
    operatorId: "op-1",
    aggregatorNkey: stage.participants.aggregator.nkey,
    oracles: fixedOracles(stage.oracleSet),
    validators: stage.dealt.map(({publicKeyHex}, position) => ({publicKey: publicKeyHex, validatorIndex: 1000 + position})),
    timeoutMs: 15_000,
    resendAfterMs: 10_000,
    signal: new AbortController().signal,
    logger: silent,
    ...changes,
  });

/** Publishes what `answer` returns for each batch, in place of relayer and aggregator. */
const answering = (stage: Stage, answer: (batch: ExitBatch) => Promise<void> | void): void => {
  stage.bus.connection.subscribe("dvt.v2.requests.>", {
    callback: (_, {subject, data}) => void answer(decode(exitBatch, subject, data)),
  });
};

/** A completion as the aggregator publishes it. */
const aCompletion = (stage: Stage, of = 0): ExitCompletion & {status: "completed"} => {
  const {publicKeyHex, validator, dealt} = stage.dealt[of] as Dealt;
  const root = new Uint8Array(32).fill(of + 1);
  const shards = splitExit(
    {signature: dealt.secretKey.sign(root), publicKey: validator.publicKey},
    5,
    blind(root, randomCoefficients(3)),
  );
  const shares = {
    public_keys: shards.map(({publicKey}) => toHex(publicKey.toBytes())),
    encrypted_exit_signatures: shards.map(({signature}, oracle) =>
      toHex(encrypt(stage.oracleSet.publicKeys[oracle] as Uint8Array, signature.toBytes())),
    ),
  };
  return signedBy(stage, {
    network: "hoodi",
    operator_id: "op-1",
    public_key: publicKeyHex,
    validator_index: 1000 + of,
    status: "completed",
    oracles_config_hash: stage.oracleSet.configHash,
    oracles_exit_signature_shares: shares,
    aggregator_signature: "",
  });
};

type Completed = ExitCompletion & {status: "completed"};

/** The completion with the signature of the stage's aggregator over its present content. */
const signedBy = ({aggregator}: Stage, completion: Completed): Completed => {
  const exit = {network: networks.hoodi, publicKey: completion.public_key, validatorIndex: completion.validator_index};
  const content = resultContent(exit, completion.oracles_config_hash, completion.oracles_exit_signature_shares);
  return {
    ...completion,
    aggregator_signature: Buffer.from(aggregator.bus.identity.sign("exitResult", content)).toString("base64"),
  };
};

describe("an operator that requests exits", () => {
  it("gets them in the order of its request, whatever order they arrive in", async () => {
    const stage = await createStage();
    answering(stage, async () => {
      await publish(stage.aggregator.bus, exitCompletion, aCompletion(stage, 1));
      await publish(stage.aggregator.bus, exitCompletion, aCompletion(stage, 0));
    });
    const {completed, rejected, missing} = await request(stage);
    expect(completed.map(({exit}) => exit.validatorIndex)).toEqual([1000, 1001]);
    expect([rejected, missing]).toEqual([[], []]);
  });

  it("receives which were rejected, and why", async () => {
    const stage = await createStage();
    answering(stage, async ({requested_at, validators: [first]}) => {
      const exit = {network: "hoodi" as const, operator_id: "op-1", ...(first as ExitBatch["validators"][0])};
      await publish(stage.aggregator.bus, exitCompletion, {
        ...exit,
        status: "rejected",
        requested_at,
        code: "VALIDATOR_UNKNOWN",
        reason: "nobody has it",
      });
      await publish(stage.aggregator.bus, exitCompletion, aCompletion(stage, 1));
    });
    const {completed, rejected} = await request(stage);
    expect(rejected).toMatchObject([{exit: {validatorIndex: 1000}, code: "VALIDATOR_UNKNOWN", reason: "nobody has it"}]);
    expect(completed).toHaveLength(1);
  });

  it("receives the rejection of a whole batch", async () => {
    const stage = await createStage();
    answering(stage, ({network, operator_id, batch_id}) =>
      publish(stage.relayer.bus, batchRejection, {
        network,
        operator_id,
        batch_id,
        code: "REQUESTED_AT_AHEAD",
        reason: "set your clock",
      }),
    );
    const {rejected} = await request(stage);
    expect(rejected.map(({code}) => code)).toEqual(["REQUESTED_AT_AHEAD", "REQUESTED_AT_AHEAD"]);
  });

  it("receives what is missing once the time is over", async () => {
    const stage = await createStage();
    answering(stage, () => publish(stage.aggregator.bus, exitCompletion, aCompletion(stage, 0)));
    const {completed, missing} = await request(stage, {timeoutMs: 2000});
    expect([completed.length, missing.length]).toEqual([1, 1]);
    expect(missing[0]?.validatorIndex).toBe(1001);
  });

  it("requests only unanswered exits again, with the same requested_at", async () => {
    const stage = await createStage();
    const batches: ExitBatch[] = [];
    answering(stage, async (batch) => {
      batches.push(batch);
      await publish(stage.aggregator.bus, exitCompletion, aCompletion(stage, batches.length - 1));
    });
    await request(stage, {resendAfterMs: 1000});
    expect(batches.map(({validators}) => validators.length)).toEqual([2, 1]);
    expect(batches[1]?.requested_at).toBe(batches[0]?.requested_at);
    expect(batches[1]?.batch_id).not.toBe(batches[0]?.batch_id);
  });

  it("requests exits again that were answered for a former oracle set, and returns results for one set only", async () => {
    const stage = await createStage();
    const [first, later] = [stage.oracleSet, {...stage.oracleSet, configHash: `0x${"11".repeat(32)}`}];
    let current = first;
    const batches: ExitBatch[] = [];
    const answer = (of: number): Promise<void> => {
      const completion = {...aCompletion(stage, of), oracles_config_hash: current.configHash};
      return publish(stage.aggregator.bus, exitCompletion, signedBy(stage, completion));
    };
    answering(stage, async (batch) => {
      batches.push(batch);
      await answer(0);
      if (batches.length > 1) await answer(1);
    });
    const {completed} = await request(stage, {
      oracles: {current: () => current},
      resendAfterMs: 1000,
      onProgress: ({answered}) => {
        if (answered === 1) current = later;
      },
    });
    expect(batches.map(({validators}) => validators.length)).toEqual([2, 2]);
    expect(completed.map(({oraclesConfigHash}) => oraclesConfigHash)).toEqual([later.configHash, later.configHash]);
  });

  it("orders exits again whose order has expired, dated anew, and ignores later rejections of the first order", async () => {
    const stage = await createStage();
    const batches: ExitBatch[] = [];
    const reject = ({requested_at}: ExitBatch, code: string): Promise<void> => {
      const exit = {public_key: (stage.dealt[0] as Dealt).publicKeyHex, validator_index: 1000};
      const rejection = {...exit, status: "rejected", requested_at, code, reason: "it is too old"} as const;
      return publish(stage.relayer.bus, exitCompletion, {network: "hoodi", operator_id: "op-1", ...rejection});
    };
    answering(stage, async (batch) => {
      batches.push(batch);
      const [first, second] = batches as [ExitBatch, ExitBatch?];
      await reject(first, "ORDER_EXPIRED");
      if (!second) return;
      await reject(first, "EXIT_REFUSED");
      for (const of of [0, 1]) await publish(stage.aggregator.bus, exitCompletion, aCompletion(stage, of));
    });
    const {logger, logged} = aLogger();
    const {completed, rejected} = await request(stage, {logger});
    expect([completed.length, rejected]).toEqual([2, []]);
    expect(batches.map(({validators}) => validators.map((it) => it.validator_index))).toEqual([[1000, 1001], [1000]]);
    const [first, again] = batches as [ExitBatch, ExitBatch];
    expect(again.requested_at).toBeGreaterThan(first.requested_at);
    const [firstKey, secondKey] = batches[0]?.validators.map(({public_key}, of) => `hoodi:${public_key}:${1000 + of}`) ?? [];
    expect(logged).toMatchObject([
      {msg: "exits asked for", batch: first.batch_id, exits: [firstKey, secondKey]},
      {msg: "orders have expired at the relayer, ordering their exits again", exits: [firstKey]},
      {msg: "exits asked for", batch: again.batch_id, exits: [firstKey]},
      {msg: "results received"},
      {msg: "results received"},
    ]);
    // Whichever was complete first.
    const received = logged.slice(-2).map(({batch, exits}) => ({batch, exits}));
    expect(new Set(received)).toEqual(
      new Set([
        {batch: again.batch_id, exits: [firstKey]},
        {batch: first.batch_id, exits: [secondKey]},
      ]),
    );
  });

  it("gets its exits and deposits although its batch waited for the relayer until the orders in it had expired", async () => {
    const stage = await createStage();
    let aheadMs = 8 * 86_400_000;
    const clock = {now: () => Date.now() + aheadMs, isOwnRight: () => true};
    const codes: unknown[] = [];
    stage.bus.connection.subscribe("dvt.v2.completions.>", {
      callback: (_, message) => {
        codes.push(message.json<{code?: string}>().code ?? "completed");
        aheadMs = 0;
      },
    });
    await startCentre({...stage, relayer: {...stage.relayer, clock}});
    const folder = await temporaryFolder();
    const depositRules = {allowedVaults: new Set([aVault])};
    await Promise.all(
      [1, 2, 3].map((shareIndex) => startTestSidecar(stage, join(folder, `${shareIndex}`), {shareIndex, depositRules})),
    );
    const validators = stage.dealt.map(({publicKeyHex: publicKey}, of) => ({
      publicKey,
      validatorIndex: 1000 + of,
      deposit: aDeposit(),
    }));
    const {completed, rejected} = await request(stage, {validators, timeoutMs: 60_000});
    expect([completed.length, rejected]).toEqual([2, []]);
    expect(codes).toEqual(["ORDER_EXPIRED", "ORDER_EXPIRED", "completed", "completed"]);
  });

  it("says which results it has, so that the relayer closes their exits long before they are due", async () => {
    const stage = await createStage();
    await startCentre(stage);
    const folder = await temporaryFolder();
    await Promise.all([1, 2, 3].map((shareIndex) => startTestSidecar(stage, join(folder, `${shareIndex}`), {shareIndex})));
    const {completed} = await request(stage, {timeoutMs: 60_000});
    expect(completed).toHaveLength(2);
    for (const {exit} of completed) {
      await expect.poll(async () => (await stage.requests.find(exit))?.state).toBe("answered");
      const {answeredFor, taken} = (await stage.requests.find(exit)) ?? {};
      expect([answeredFor, ...(taken?.keys() ?? [])]).toEqual([stage.oracleSet.configHash, "op-1"]);
    }
  });

  it("publishes more than a thousand exits in several batches", async () => {
    const stage = await createStage();
    const {publicKeyHex} = stage.dealt[0] as Dealt;
    const sizes: number[] = [];
    const sent = new Promise<void>((resolve) => {
      answering(stage, ({validators}) => {
        if (sizes.push(validators.length) === 3) resolve();
      });
    });
    const stop = new AbortController();
    const validators = Array.from({length: 2001}, (_, validatorIndex) => ({publicKey: publicKeyHex, validatorIndex}));
    const asked = request(stage, {validators, signal: stop.signal});
    await sent;
    stop.abort();
    expect((await asked).missing).toHaveLength(2001);
    expect(sizes).toEqual([1000, 1000, 1]);
  });

  it("waits while another process has its id, until it is stopped or ends with OPERATOR_ID_IN_USE", async () => {
    const stage = await createStage();
    const stop = new AbortController();
    const sent = untilMessages(stage.bus, "dvt.v2.requests.>", 1);
    const first = request(stage, {signal: stop.signal});
    await sent;
    await expect(request(stage, {patienceMs: 0})).rejects.toMatchObject({code: "OPERATOR_ID_IN_USE"});
    const third = request(stage, {signal: stop.signal});
    stop.abort();
    for (const asked of [first, third]) expect((await asked).missing).toHaveLength(2);
  });
});

describe("a completion that is not what the oracles need", () => {
  const shards = (completion: ExitCompletion & {status: "completed"}) => completion.oracles_exit_signature_shares;

  it.each<{
    id: string;
    spoil: (good: ExitCompletion & {status: "completed"}, other: ExitCompletion & {status: "completed"}) => void;
  }>([
    {
      id: "a public key shard of another validator",
      spoil: (good, other) => {
        shards(good).public_keys[4] = shards(other).public_keys[4] as string;
      },
    },
    {
      id: "a shard too few",
      spoil: (good) => {
        shards(good).public_keys.pop();
      },
    },
    {
      id: "a ciphertext too few",
      spoil: (good) => {
        shards(good).encrypted_exit_signatures.pop();
      },
    },
    {
      id: "public key shards in another order",
      spoil: (good) => {
        shards(good).public_keys.reverse();
      },
    },
    {
      id: "what is not a curve point",
      spoil: (good) => {
        shards(good).public_keys[0] = `0x${"ff".repeat(48)}`;
      },
    },
  ])("is rejected with COMPLETION_INVALID, and the good one still awaited: $id", async ({spoil}) => {
    const stage = await createStage();
    const bad = aCompletion(stage, 0);
    spoil(bad, aCompletion(stage, 1));
    answering(stage, async () => {
      const refused = untilMessages(stage.bus, "dvt.v2.dead_letters.>", 1);
      await publish(stage.aggregator.bus, exitCompletion, signedBy(stage, bad));
      await refused;
      await publish(stage.aggregator.bus, exitCompletion, aCompletion(stage, 0));
      await publish(stage.aggregator.bus, exitCompletion, aCompletion(stage, 1));
    });
    const {completed} = await request(stage);
    expect(completed[0]?.result).not.toEqual(bad.oracles_exit_signature_shares);
    const letter = await storedMessage(stage.bus, "DEAD_LETTERS", "dvt.v2.dead_letters.COMPLETIONS.*");
    expect(letter).toMatchObject({code: "COMPLETION_INVALID"});
  });

  it("is ignored if it is for another oracle set, and its receipt not published", async () => {
    const stage = await createStage();
    const heard = hearReceipts(stage);
    answering(stage, async () => {
      await publish(
        stage.aggregator.bus,
        exitCompletion,
        signedBy(stage, {...aCompletion(stage, 0), oracles_config_hash: `0x${"22".repeat(32)}`}),
      );
      await publish(stage.aggregator.bus, exitCompletion, aCompletion(stage, 1));
    });
    const {completed, missing} = await request(stage, {timeoutMs: 2000});
    expect([completed.length, missing.length]).toEqual([1, 1]);
    await expect.poll(() => heard).toEqual(["op-1 1001"]);
  });
});
