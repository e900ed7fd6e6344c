import {rm} from "node:fs/promises";
import {join} from "node:path";
import {describe, expect, it, onTestFinished} from "vitest";
import type {ExitRefusal} from "../../../schemas/exitRefusal.js";
import {type ExitRequest, exitRequest} from "../../../schemas/exitRequest.js";
import type {ExitShare} from "../../../schemas/exitShare.js";
import type {OrderEntry} from "../../../schemas/order.js";
import {createAnswers} from "../../../src/answers/createAnswers.js";
import type {PublicKey} from "../../../src/bls/curve.js";
import {networks} from "../../../src/consensus/networks.js";
import {voluntaryExitSigningRoot} from "../../../src/consensus/voluntaryExit.js";
import {decrypt} from "../../../src/ecies/ecies.js";
import {DvtError} from "../../../src/errors.js";
import {entryDigestOf} from "../../../src/exits/order.js";
import {verifyShare} from "../../../src/exits/recoverExit.js";
import type {KeyShares} from "../../../src/keys/keyShares.js";
import type {DepositPolicy} from "../../../src/policy/depositPolicy.js";
import {openExitLog} from "../../../src/policy/exitLog.js";
import {createPolicy, longestWindowMs, type Policy} from "../../../src/policy/policy.js";
import {type Decision, refusals} from "../../../src/policy/refusals.js";
import {fromHex} from "../../../src/runtime/hex.js";
import {handleExitRequest} from "../../../src/sidecar/handleExitRequest.js";
import type {Sidecar} from "../../../src/sidecar/sidecar.js";
import {anEntry, aRequest} from "../../support/aRequest.js";
import {temporaryFolder} from "../../support/servers.js";
import {
  aDeposit,
  aDepositShare,
  createStage,
  type Dealt,
  keySharesOf,
  lastMessage,
  messagesIn,
  type Stage,
  storedMessage,
} from "../../support/stage.js";

const signsAll: Policy = {decide: async () => ({outcome: "sign"})};

const signsNoDeposit: DepositPolicy = {
  decide: async () => ({outcome: "refuse", code: "VAULT_NOT_ALLOWED", reason: refusals.VAULT_NOT_ALLOWED}),
};

const sidecarOf = (stage: Stage, shareIndex: number, policy = signsAll, depositPolicy = signsNoDeposit): Sidecar => {
  const [first] = stage.dealt as [Dealt];
  return {
    network: networks.hoodi,
    clusterId: "c1",
    keyShares: keySharesOf([first], shareIndex),
    policy,
    depositPolicy,
    answers: createAnswers(stage.bus, {
      sidecar: {network: networks.hoodi, clusterId: "c1", shareIndex},
      aggregatorKey: () => stage.aggregatorKey,
    }),
    orderLifetimeMs,
    bus: stage.bus,
    now: () => Date.now(),
    logger: stage.relayer.logger,
  };
};

const orderLifetimeMs = 7 * 86_400_000;

/** The outcome of a request's only exit; throws what it failed with. */
async function take(sidecar: Sidecar, request: ExitRequest, subject = exitRequest.subject(request)): Promise<string> {
  const [only] = await takeAll(sidecar, request, subject);
  if (only instanceof Error) throw only;
  return only as string;
}

/** The outcomes of all exits of a request. */
async function takeAll(sidecar: Sidecar, request: ExitRequest, subject = exitRequest.subject(request)) {
  const data = new TextEncoder().encode(JSON.stringify(request));
  return (await handleExitRequest(sidecar, {subject, data, timestampMs: 0})).map(({outcome}) => outcome);
}

const deliver = (stage: Stage, request: ExitRequest, subject?: string): Promise<string> =>
  take(sidecarOf(stage, 2), request, subject);

describe("a sidecar", () => {
  it("signs with its key share, readable by the aggregator only", async () => {
    const stage = await createStage();
    expect(await deliver(stage, await aRequest(stage))).toBe("signed");
    const share = (await lastMessage(stage.bus, "EXIT_SHARES", "dvt.v2.exit_shares.hoodi.c1.2")) as ExitShare;
    expect(share).toMatchObject({share_index: 2, exits: [{validator_index: 1000}]});
    const signature = decrypt(stage.aggregator.privateKeys[0] as Uint8Array, fromHex(share.encrypted_signatures));
    const publicKeyShare = (stage.dealt[0] as Dealt).validator.publicKeyShares.get(2);
    expect(
      publicKeyShare && verifyShare(publicKeyShare, voluntaryExitSigningRoot(networks.hoodi, 1000), signature),
    ).toBeDefined();
  });

  it("refuses what its signer does not sign: exit and deposit each on their own", async () => {
    const stage = await createStage();
    const forbids = async (): Promise<never> => {
      throw new DvtError("SIGNER_REFUSED", "sign: the remote signer answers 412");
    };
    const sidecar = sidecarOf(stage, 2, signsAll, {decide: async () => ({outcome: "sign"})});
    const deposit = aDeposit();
    const request = await aRequest(stage, {entries: [anEntry(stage, {deposit})]});
    expect(await take({...sidecar, keyShares: {...sidecar.keyShares, sign: forbids}}, request)).toBe("refused");
    expect(await lastMessage(stage.bus, "EXIT_SHARES", "dvt.v2.exit_refusals.hoodi.c1.2")).toMatchObject({
      refusals: [{code: "SIGNER_REFUSED"}],
    });
    expect(await lastMessage(stage.bus, "EXIT_SHARES", "dvt.v2.deposit_shares.hoodi.c1.2")).toMatchObject({
      deposits: [{deposit}],
    });
    expect(await take({...sidecar, keyShares: {...sidecar.keyShares, signDeposit: forbids}}, request)).toBe("signed");
    const refused = await lastMessage(stage.bus, "EXIT_SHARES", "dvt.v2.deposit_refusals.hoodi.c1.2");
    expect(refused).toMatchObject({refusals: [{deposit, code: "SIGNER_REFUSED"}]});
  });

  it("ignores a validator that it has no key share of", async () => {
    const stage = await createStage();
    expect(await deliver(stage, await aRequest(stage, {entries: [anEntry(stage, {of: 1})]}))).toBe("not held");
    expect(await messagesIn(stage.bus, "EXIT_SHARES")).toBe(0);
  });

  it("signs for a validator whose key share it finds by a reload", async () => {
    const stage = await createStage();
    const sidecar = sidecarOf(stage, 2);
    const {keyShares} = sidecar;
    let publicKeys: ReadonlySet<string> = new Set();
    const live = {
      ...keyShares,
      get publicKeys() {
        return publicKeys;
      },
    };
    const reload = async (): Promise<void> => {
      publicKeys = keyShares.publicKeys;
    };
    expect(await take({...sidecar, keyShares: live, reload}, await aRequest(stage))).toBe("signed");
  });

  it.each<{id: string; changes: Partial<ExitRequest>; code: string}>([
    {id: "another epoch", changes: {epoch: 1}, code: "EXIT_EPOCH_WRONG"},
    {id: "another cluster", changes: {cluster_id: "c2"}, code: "CLUSTER_UNKNOWN"},
    {id: "another network", changes: {network: "mainnet"}, code: "CLUSTER_UNKNOWN"},
    {id: "an epoch that is not a number", changes: {epoch: "0" as never}, code: "MESSAGE_MALFORMED"},
  ])("never signs for $id", async ({changes, code}) => {
    const stage = await createStage();
    await expect(deliver(stage, {...(await aRequest(stage)), ...changes})).rejects.toMatchObject({code});
    expect(await messagesIn(stage.bus, "EXIT_SHARES")).toBe(0);
  });

  it("never signs for an order other than its subject's", async () => {
    const stage = await createStage();
    const other = await aRequest(stage, {entries: [anEntry(stage, {validatorIndex: 7})]});
    const subject = exitRequest.subject(other);
    await expect(deliver(stage, await aRequest(stage), subject)).rejects.toMatchObject({code: "SUBJECT_MISMATCH"});
  });
});

describe("a sidecar that is asked for many exits", () => {
  const many = 64;
  const entriesOf = (stage: Stage) => Array.from({length: many}, (_, it) => anEntry(stage, {validatorIndex: 1000 + it}));
  const sharesOn = (stage: Stage) => lastMessage(stage.bus, "EXIT_SHARES", "dvt.v2.exit_shares.hoodi.c1.2");

  it("answers them in one message, which the aggregator can read", async () => {
    const stage = await createStage();
    const entries = entriesOf(stage);
    const outcomes = await takeAll(sidecarOf(stage, 2), await aRequest(stage, {entries}));
    expect(outcomes).toEqual(entries.map(() => "signed"));
    expect(await messagesIn(stage.bus, "EXIT_SHARES")).toBe(1);
    const share = (await sharesOn(stage)) as ExitShare;
    expect(share.exits).toEqual(entries);
    const shares = decrypt(stage.aggregator.privateKeys[0] as Uint8Array, fromHex(share.encrypted_signatures));
    const publicKeyShare = (stage.dealt[0] as Dealt).validator.publicKeyShares.get(2) as PublicKey;
    for (const [position, {validator_index}] of entries.entries()) {
      const root = voluntaryExitSigningRoot(networks.hoodi, validator_index);
      expect(verifyShare(publicKeyShare, root, shares.subarray(96 * position, 96 * (position + 1)))).toBeDefined();
    }
  });

  it("signs only those whose entries are shown", async () => {
    const stage = await createStage();
    const [shown, ...hidden] = entriesOf(stage) as [OrderEntry, ...OrderEntry[]];
    const request = await aRequest(stage, {entries: [...hidden.map(entryDigestOf), shown]});
    expect(await takeAll(sidecarOf(stage, 2), request)).toEqual(["signed"]);
    expect(await sharesOn(stage)).toMatchObject({exits: [shown]});
  });

  it("refuses some, signs others, and leaves what is only delayed to the next delivery", async () => {
    const stage = await createStage();
    const entries = entriesOf(stage).slice(0, 3);
    const decisions: Record<number, () => Promise<Decision>> = {
      1000: async () => ({outcome: "sign"}),
      1001: async () => ({outcome: "refuse", code: "INDEX_LIMIT", reason: refusals.INDEX_LIMIT}),
      1002: async () => {
        throw new DvtError("RATE_LIMITED", "later");
      },
    };
    const policy: Policy = {decide: async ({validatorIndex}) => decisions[validatorIndex]?.() as Promise<Decision>};
    const outcomes = await takeAll(sidecarOf(stage, 2, policy), await aRequest(stage, {entries}));
    expect(outcomes).toEqual(["signed", "refused", expect.objectContaining({code: "RATE_LIMITED"})]);
    expect(await sharesOn(stage)).toMatchObject({exits: [entries[0]]});
    expect(await lastMessage(stage.bus, "EXIT_SHARES", "dvt.v2.exit_refusals.hoodi.c1.2")).toMatchObject({
      refusals: [{validator_index: 1001, code: "INDEX_LIMIT"}],
    });
  });

  it("reloads nothing for a validator that an earlier delivery settled", async () => {
    const stage = await createStage();
    const sidecar = sidecarOf(stage, 2);
    let reloads = 0;
    const reload = async (): Promise<void> => {
      reloads++;
    };
    const holdsNone = {...sidecar, keyShares: {...sidecar.keyShares, publicKeys: new Set<string>()}, reload};
    const request = await aRequest(stage);
    const delivery = {
      subject: exitRequest.subject(request),
      data: new TextEncoder().encode(JSON.stringify(request)),
      timestampMs: 0,
    };
    expect(await handleExitRequest(holdsNone, delivery)).toMatchObject([{outcome: "not held"}]);
    expect(reloads).toBe(1);
    await handleExitRequest(holdsNone, {...delivery, settled: new Set([0])});
    expect(reloads).toBe(1);
  });

  it("signs none again that an earlier delivery settled", async () => {
    const stage = await createStage();
    const request = await aRequest(stage, {entries: entriesOf(stage).slice(0, 2)});
    const data = new TextEncoder().encode(JSON.stringify(request));
    const delivery = {subject: exitRequest.subject(request), data, timestampMs: 0, settled: new Set([0])};
    await handleExitRequest(sidecarOf(stage, 2), delivery);
    expect(await sharesOn(stage)).toMatchObject({exits: [{validator_index: 1001}]});
  });

  it("publishes the others while its signer is slow with one", async () => {
    const stage = await createStage();
    const entries = entriesOf(stage).slice(0, 3);
    const sidecar = sidecarOf(stage, 2);
    let release = (): void => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const sign: KeyShares["sign"] = async (exit) => {
      if (exit.validatorIndex === 1001) await released;
      return sidecar.keyShares.sign(exit);
    };
    const taken = takeAll({...sidecar, keyShares: {...sidecar.keyShares, sign}}, await aRequest(stage, {entries}));
    expect(await storedMessage(stage.bus, "EXIT_SHARES", "dvt.v2.exit_shares.hoodi.c1.2")).toMatchObject({
      exits: [entries[0], entries[2]],
    });
    release();
    expect(await taken).toEqual(["signed", "signed", "signed"]);
  });
});

describe("a sidecar that is asked for a deposit too", () => {
  const deposit = aDeposit({validator_type: "0x02"});
  const requestedAt = Date.now() - 7;
  const signsDeposits: DepositPolicy = {decide: async () => ({outcome: "sign"})};
  const shareOn = (stage: Stage) => lastMessage(stage.bus, "EXIT_SHARES", "dvt.v2.deposit_shares.hoodi.c1.2");
  const refusalOn = (stage: Stage) => lastMessage(stage.bus, "EXIT_SHARES", "dvt.v2.deposit_refusals.hoodi.c1.2");
  const about = (stage: Stage, why: object) => ({
    network: "hoodi",
    cluster_id: "c1",
    share_index: 2,
    refusals: [{public_key: (stage.dealt[0] as Dealt).publicKeyHex, deposit, ...why}],
  });
  const bothOf = (stage: Stage, requestedAt?: number) =>
    aRequest(stage, {entries: [anEntry(stage, {deposit})], ...(requestedAt !== undefined && {requestedAt})});

  it("signs both", async () => {
    const stage = await createStage();
    expect(await take(sidecarOf(stage, 2, signsAll, signsDeposits), await bothOf(stage))).toBe("signed");
    expect(await shareOn(stage)).toEqual(aDepositShare(stage, {shareIndex: 2, deposit}));
    expect(await messagesIn(stage.bus, "EXIT_SHARES")).toBe(2);
  });

  it("signs the exit if its policy does not allow the deposit, and refuses the deposit", async () => {
    const stage = await createStage();
    expect(await take(sidecarOf(stage, 2), await bothOf(stage, requestedAt))).toBe("signed");
    const {VAULT_NOT_ALLOWED} = refusals;
    const why = {requested_at: requestedAt, code: "VAULT_NOT_ALLOWED", reason: VAULT_NOT_ALLOWED};
    expect(await refusalOn(stage)).toEqual(about(stage, why));
    expect(await lastMessage(stage.bus, "EXIT_SHARES", "dvt.v2.exit_shares.hoodi.c1.2")).toBeDefined();
    expect(await messagesIn(stage.bus, "EXIT_SHARES")).toBe(2);
  });

  it("refuses a deposit whose exit it refuses, for the same reason", async () => {
    const stage = await createStage();
    const refusesAll: Policy = {decide: async () => ({outcome: "refuse", code: "VALIDATOR_ACTIVE", reason: "active"})};
    let asked = 0;
    const counting: DepositPolicy = {
      decide: async () => {
        asked++;
        return {outcome: "sign"};
      },
    };
    expect(await take(sidecarOf(stage, 2, refusesAll, counting), await bothOf(stage, requestedAt))).toBe("refused");
    expect(await refusalOn(stage)).toEqual(about(stage, {requested_at: requestedAt, code: "VALIDATOR_ACTIVE", reason: "active"}));
    expect(asked).toBe(0);
  });
});

describe("a sidecar with a policy", () => {
  const requestedAt = Date.now() - 7;
  const request = (stage: Stage, validatorIndex: number): Promise<ExitRequest> =>
    aRequest(stage, {requestedAt, entries: [anEntry(stage, {validatorIndex})]});

  /** A sidecar that signs for one index of a key, and two exits within an hour. */
  const strict = async (stage: Stage, path: string): Promise<Sidecar> => {
    const {logger} = stage.relayer;
    const locking = {logger, signal: new AbortController().signal, onLost: () => {}};
    const own = {network: networks.hoodi, clusterId: "c1", shareIndex: 2, keepMs: longestWindowMs, ...locking};
    // As after it is killed.
    await rm(`${path}.lock`, {force: true});
    const log = await openExitLog(path, own, Date.now());
    onTestFinished(log.close);
    const rules = {exitsPerHour: 2, indexesPerKeyPerDay: 1, allowActiveValidators: false};
    return sidecarOf(stage, 2, createPolicy(rules, log));
  };

  it("publishes a refusal of the very request that it does not sign, and signs again what it signed before", async () => {
    const stage = await createStage();
    const path = join(await temporaryFolder(), "state.jsonl");
    expect(await take(await strict(stage, path), await request(stage, 1000))).toBe("signed");
    const restarted = await strict(stage, path);
    expect(await take(restarted, await request(stage, 2000))).toBe("refused");
    expect(await take(restarted, await request(stage, 1000))).toBe("signed");
    const refusal = (await lastMessage(stage.bus, "EXIT_SHARES", "dvt.v2.exit_refusals.hoodi.c1.2")) as ExitRefusal;
    expect(refusal).toEqual({
      network: "hoodi",
      cluster_id: "c1",
      share_index: 2,
      refusals: [
        {
          public_key: (stage.dealt[0] as Dealt).publicKeyHex,
          validator_index: 2000,
          requested_at: requestedAt,
          code: "INDEX_LIMIT",
          reason: refusals.INDEX_LIMIT,
        },
      ],
    });
    expect(await messagesIn(stage.bus, "EXIT_SHARES")).toBe(3);
  });

  it("publishes nothing about an exit that it only delays", async () => {
    const stage = await createStage();
    const later: Policy = {
      decide: async () => {
        throw new DvtError("RATE_LIMITED", "later");
      },
    };
    await expect(take(sidecarOf(stage, 2, later), await request(stage, 1000))).rejects.toMatchObject({code: "RATE_LIMITED"});
    expect(await messagesIn(stage.bus, "EXIT_SHARES")).toBe(0);
  });

  it("does not ask its policy about an exit that it could not sign", async () => {
    const stage = await createStage();
    let asked = 0;
    const counting: Policy = {
      decide: async () => {
        asked++;
        return {outcome: "sign"};
      },
    };
    const sidecar = sidecarOf(stage, 2, counting);
    await take(sidecar, await aRequest(stage, {entries: [anEntry(stage, {of: 1})]}));
    await take(sidecar, await aRequest(stage, {clusterId: "c2"})).catch(() => {});
    expect(asked).toBe(0);
  });
});
