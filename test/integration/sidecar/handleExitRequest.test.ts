import {rm} from "node:fs/promises";
import {join} from "node:path";
import {describe, expect, it, onTestFinished} from "vitest";
import type {ExitRefusal} from "../../../schemas/exitRefusal.js";
import {type ExitRequest, exitRequest} from "../../../schemas/exitRequest.js";
import type {ExitShare} from "../../../schemas/exitShare.js";
import {networks} from "../../../src/consensus/networks.js";
import {voluntaryExitSigningRoot} from "../../../src/consensus/voluntaryExit.js";
import {decrypt} from "../../../src/ecies/ecies.js";
import {DvtError} from "../../../src/errors.js";
import {verifyShare} from "../../../src/exits/recoverExit.js";
import type {DepositPolicy} from "../../../src/policy/depositPolicy.js";
import {openExitLog} from "../../../src/policy/exitLog.js";
import {createPolicy, longestWindowMs, type Policy} from "../../../src/policy/policy.js";
import {refusals} from "../../../src/policy/refusals.js";
import {fromHex} from "../../../src/runtime/hex.js";
import {createThrottledLog} from "../../../src/runtime/throttledLog.js";
import {handleExitRequest} from "../../../src/sidecar/handleExitRequest.js";
import type {Sidecar} from "../../../src/sidecar/sidecar.js";
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
    signed: createThrottledLog(stage.relayer.logger, ""),
    aggregatorKey: stage.aggregatorKey,
    bus: stage.bus,
    now: () => Date.now(),
    logger: stage.relayer.logger,
  };
};

const aRequest = (stage: Stage, changes: Partial<ExitRequest> = {}): ExitRequest => ({
  network: "hoodi",
  cluster_id: "c1",
  public_key: (stage.dealt[0] as Dealt).publicKeyHex,
  requested_at: 1,
  voluntary_exit: {epoch: 0, validator_index: 1000},
  ...changes,
});

const take = (sidecar: Sidecar, request: ExitRequest, subject = exitRequest.subject(request)): Promise<string> =>
  handleExitRequest(sidecar, {subject, data: new TextEncoder().encode(JSON.stringify(request)), timestampMs: 0});

const deliver = (stage: Stage, request: ExitRequest, subject?: string): Promise<string> =>
  take(sidecarOf(stage, 2), request, subject);

describe("a sidecar", () => {
  it("signs with its key share, readable by the aggregator only", async () => {
    const stage = await createStage();
    expect(await deliver(stage, aRequest(stage))).toBe("signed");
    const share = (await lastMessage(stage.bus, "EXIT_SHARES", "dvt.v1.exit_shares.hoodi.c1.2")) as ExitShare;
    expect(share).toMatchObject({share_index: 2, validator_index: 1000});
    const signature = decrypt(stage.aggregator.privateKeys[0] as Uint8Array, fromHex(share.encrypted_signature));
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
    const request = aRequest(stage, {deposit});
    expect(await take({...sidecar, keyShares: {...sidecar.keyShares, sign: forbids}}, request)).toBe("refused");
    expect(await lastMessage(stage.bus, "EXIT_SHARES", "dvt.v1.exit_refusals.hoodi.c1.2")).toMatchObject({
      code: "SIGNER_REFUSED",
    });
    expect(await lastMessage(stage.bus, "EXIT_SHARES", "dvt.v1.deposit_shares.hoodi.c1.2")).toMatchObject({deposit});
    expect(await take({...sidecar, keyShares: {...sidecar.keyShares, signDeposit: forbids}}, request)).toBe("signed");
    const refused = await lastMessage(stage.bus, "EXIT_SHARES", "dvt.v1.deposit_refusals.hoodi.c1.2");
    expect(refused).toMatchObject({deposit, code: "SIGNER_REFUSED"});
  });

  it("ignores a validator that it has no key share of", async () => {
    const stage = await createStage();
    expect(await deliver(stage, aRequest(stage, {public_key: (stage.dealt[1] as Dealt).publicKeyHex}))).toBe("not held");
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
    expect(await take({...sidecar, keyShares: live, reload}, aRequest(stage))).toBe("signed");
  });

  it.each<{id: string; changes: Partial<ExitRequest>; code: string}>([
    {id: "another epoch", changes: {voluntary_exit: {epoch: 1, validator_index: 1000}}, code: "EXIT_EPOCH_WRONG"},
    {id: "another cluster", changes: {cluster_id: "c2"}, code: "CLUSTER_UNKNOWN"},
    {id: "another network", changes: {network: "mainnet"}, code: "CLUSTER_UNKNOWN"},
    {
      id: "an index that is not a number",
      changes: {voluntary_exit: {epoch: 0, validator_index: "1" as never}},
      code: "MESSAGE_MALFORMED",
    },
  ])("never signs for $id", async ({changes, code}) => {
    const stage = await createStage();
    await expect(deliver(stage, aRequest(stage, changes))).rejects.toMatchObject({code});
    expect(await messagesIn(stage.bus, "EXIT_SHARES")).toBe(0);
  });

  it("never signs for an index other than its subject's", async () => {
    const stage = await createStage();
    const subject = exitRequest.subject(aRequest(stage, {voluntary_exit: {epoch: 0, validator_index: 7}}));
    await expect(deliver(stage, aRequest(stage), subject)).rejects.toMatchObject({code: "SUBJECT_MISMATCH"});
  });
});

describe("a sidecar that is asked for a deposit too", () => {
  const deposit = aDeposit({validator_type: "0x02"});
  const signsDeposits: DepositPolicy = {decide: async () => ({outcome: "sign"})};
  const shareOn = (stage: Stage) => lastMessage(stage.bus, "EXIT_SHARES", "dvt.v1.deposit_shares.hoodi.c1.2");
  const refusalOn = (stage: Stage) => lastMessage(stage.bus, "EXIT_SHARES", "dvt.v1.deposit_refusals.hoodi.c1.2");
  const about = (stage: Stage) => ({
    network: "hoodi",
    cluster_id: "c1",
    public_key: (stage.dealt[0] as Dealt).publicKeyHex,
    share_index: 2,
    deposit,
  });

  it("signs both", async () => {
    const stage = await createStage();
    expect(await take(sidecarOf(stage, 2, signsAll, signsDeposits), aRequest(stage, {deposit}))).toBe("signed");
    expect(await shareOn(stage)).toEqual(aDepositShare(stage, {shareIndex: 2, deposit}));
    expect(await messagesIn(stage.bus, "EXIT_SHARES")).toBe(2);
  });

  it("signs the exit if its policy does not allow the deposit, and refuses the deposit", async () => {
    const stage = await createStage();
    expect(await take(sidecarOf(stage, 2), aRequest(stage, {deposit, requested_at: 7}))).toBe("signed");
    const {VAULT_NOT_ALLOWED} = refusals;
    expect(await refusalOn(stage)).toEqual({
      ...about(stage),
      requested_at: 7,
      code: "VAULT_NOT_ALLOWED",
      reason: VAULT_NOT_ALLOWED,
    });
    expect(await lastMessage(stage.bus, "EXIT_SHARES", "dvt.v1.exit_shares.hoodi.c1.2")).toBeDefined();
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
    expect(await take(sidecarOf(stage, 2, refusesAll, counting), aRequest(stage, {deposit, requested_at: 7}))).toBe("refused");
    expect(await refusalOn(stage)).toEqual({...about(stage), requested_at: 7, code: "VALIDATOR_ACTIVE", reason: "active"});
    expect(asked).toBe(0);
  });
});

describe("a sidecar with a policy", () => {
  const request = (stage: Stage, validator_index: number): ExitRequest =>
    aRequest(stage, {requested_at: 1_800_000_000_000, voluntary_exit: {epoch: 0, validator_index}});

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
    expect(await take(await strict(stage, path), request(stage, 1000))).toBe("signed");
    const restarted = await strict(stage, path);
    expect(await take(restarted, request(stage, 2000))).toBe("refused");
    expect(await take(restarted, request(stage, 1000))).toBe("signed");
    const refusal = (await lastMessage(stage.bus, "EXIT_SHARES", "dvt.v1.exit_refusals.hoodi.c1.2")) as ExitRefusal;
    expect(refusal).toEqual({
      network: "hoodi",
      cluster_id: "c1",
      public_key: (stage.dealt[0] as Dealt).publicKeyHex,
      validator_index: 2000,
      share_index: 2,
      requested_at: 1_800_000_000_000,
      code: "INDEX_LIMIT",
      reason: refusals.INDEX_LIMIT,
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
    await expect(take(sidecarOf(stage, 2, later), request(stage, 1000))).rejects.toMatchObject({code: "RATE_LIMITED"});
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
    await take(sidecar, aRequest(stage, {public_key: (stage.dealt[1] as Dealt).publicKeyHex}));
    await take(sidecar, aRequest(stage, {cluster_id: "c2"})).catch(() => {});
    expect(asked).toBe(0);
  });
});
