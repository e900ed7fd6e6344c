import {describe, expect, it} from "vitest";
import {registration} from "../../../schemas/registration.js";
import type {Bus} from "../../../src/messaging/connect.js";
import {deleteStreams} from "../../../src/messaging/presentStreams.js";
import {publish} from "../../../src/messaging/publish.js";
import {signMessage} from "../../../src/messaging/signature.js";
import type {Claim} from "../../../src/registration/claim.js";
import {aPending, aVault, claimTestVault, untilLost} from "../../support/aClaim.js";
import {aRegistration} from "../../support/examples/messages.js";
import {aLogger} from "../../support/logger.js";
import {connectTestBus} from "../../support/servers.js";
import {applyStreams, createStage, type Stage, startStageNats} from "../../support/stage.js";
import {startTestLink} from "../../support/startTestLink.js";

const inUse = {code: "VAULT_IN_USE"};
const takenOver = {code: "REGISTRATION_TAKEN_OVER"};
const pending = aPending();

/** What another process of this operator says, which takes the vault for free. */
const sayAs = (operator_id: string, bus: Bus, change = {}) =>
  publish(bus, registration, aRegistration({operator_id, vault: aVault, process: "0b".repeat(16), ...change}));
const operators = async (stage: Stage): Promise<[Bus, Bus]> => [
  await stage.busOf("operator-op-1"),
  await stage.busOf("operator-op-2"),
];
/** Its process is gone, and has released nothing. */
const kill = (bus: Bus): Promise<void> => bus.connection.close();

describe("a vault", () => {
  it("is claimed by one of many that try at once, of one operator or two", async () => {
    const [first, second] = await operators(await createStage());
    for (let round = 1; round <= 5; round++) {
      const vault = `0x${String(round).padStart(40, "0")}`;
      const tries = [first, second, first, second, first, second].map((bus) => claimTestVault(bus, {vault}));
      const results = await Promise.allSettled(tries);
      const refused = results.filter((it) => it.status === "rejected");
      expect(refused.map(({reason}) => reason)).toEqual(Array(5).fill(expect.objectContaining(inUse)));
    }
  });

  it("is another thing than a wallet, which is claimed likewise", async () => {
    const [first, second] = await operators(await createStage());
    await claimTestVault(first);
    const wallet = {vault: `0x${"b2".repeat(20)}`, claimed: "wallet"} as const;
    const claim = await claimTestVault(first, wallet);
    await expect(claimTestVault(second, wallet)).rejects.toMatchObject({
      code: "WALLET_IN_USE",
      message: expect.stringMatching(/^send from wallet 0xb2(b2)+: a process of operator op-1 does, until .*WALLET_KEY_FILE/),
    });
    const {logger, logged} = aLogger();
    const waiting = claimTestVault(second, {...wallet, waitMs: 60_000, logger});
    await expect.poll(() => logged).toMatchObject([{wallet: wallet.vault, operator: "op-1"}]);
    await claim.release();
    await waiting;
  });

  it("is free for others when it is released, and another vault always", async () => {
    const [first, second] = await operators(await createStage());
    const claim = await claimTestVault(first);
    await expect(claimTestVault(second)).rejects.toMatchObject(inUse);
    await claimTestVault(second, {vault: `0x${"a2".repeat(20)}`});
    await claim.release();
    await claimTestVault(second);
  });

  it("is waited for, and claimed as soon as it is released", async () => {
    const [first, second] = await operators(await createStage());
    const claim = await claimTestVault(first);
    const {logger, logged} = aLogger();
    const waiting = claimTestVault(second, {waitMs: 60_000, logger});
    await expect.poll(() => logged).toMatchObject([{vault: aVault, operator: "op-1"}]);
    await claim.write(pending);
    await claim.release();
    expect((await waiting).pending).toEqual(pending);
  });

  it("is not waited for any longer when the process stops", async () => {
    const [first, second] = await operators(await createStage());
    await claimTestVault(first);
    const controller = new AbortController();
    const {logger, logged} = aLogger();
    const waiting = claimTestVault(second, {waitMs: 60_000, logger, signal: controller.signal});
    await expect.poll(() => logged).toHaveLength(1);
    controller.abort();
    await expect(waiting).rejects.toMatchObject({name: "AbortError"});
  });

  it("stays claimed for longer than a lease while it is renewed", async () => {
    const [first, second] = await operators(await createStage());
    const claim = await claimTestVault(first, {leaseMs: 500});
    await expect(claimTestVault(second, {waitMs: 1500})).rejects.toMatchObject(inUse);
    expect(claim.lost.aborted).toBe(false);
  });
});

describe("a transaction that is pending", () => {
  it("is found by whoever claims the vault after a crash, once the lease is over", async () => {
    const stage = await createStage();
    const [first, second] = await operators(stage);
    const claim = await claimTestVault(first, {leaseMs: 1000});
    expect(claim.pending).toEqual({});
    await claim.write({registration: {...pending.registration, nonce: 6}});
    await claim.write(pending);
    await kill(first);
    const again = await stage.busOf("operator-op-1");
    await expect(claimTestVault(again)).rejects.toMatchObject(inUse);
    const restarted = await claimTestVault(again, {waitMs: 30_000, leaseMs: 1000});
    expect(restarted.pending).toEqual(pending);
    // It wrote nothing itself, and what it found is still there for the next.
    await kill(again);
    expect((await claimTestVault(second, {waitMs: 30_000})).pending).toEqual(pending);
  });

  it("is gone for everybody once it is removed, whoever wrote it", async () => {
    const [first, second] = await operators(await createStage());
    const claim = await claimTestVault(first);
    await claim.write(pending);
    await claim.release();
    const next = await claimTestVault(second);
    await next.write({});
    await next.release();
    expect((await claimTestVault(first)).pending).toEqual({});
  });

  it("is stored although the bus restarts in between", async () => {
    const nats = await startStageNats();
    const stage = await createStage({nats});
    const claim = await claimTestVault(await stage.busOf("operator-op-1"));
    await claim.write({registration: {...pending.registration, nonce: 6}});
    await nats.restart();
    await claim.write(pending);
    await claim.release();
    await nats.restart();
    expect((await claimTestVault(await stage.busOf("operator-op-2"))).pending).toEqual(pending);
  });
});

describe("a claim", () => {
  it.each(["op-1", "op-2"])("is lost when another process of %s has claimed the vault", async (operatorId) => {
    const stage = await createStage();
    const [first] = await operators(stage);
    const claim = await claimTestVault(first);
    await sayAs(operatorId, await stage.busOf(`operator-${operatorId}`));
    await expect(claim.write(pending)).rejects.toMatchObject(takenOver);
    expect(claim.lost.reason).toMatchObject(takenOver);
    await claim.release();
    await expect(claimTestVault(first)).rejects.toMatchObject(inUse);
  });

  it("is lost at the next renewal, too", async () => {
    const [first, second] = await operators(await createStage());
    const claim = await claimTestVault(first, {leaseMs: 3000});
    await sayAs("op-2", second);
    expect(await untilLost(claim)).toMatchObject({...takenOver, message: expect.stringContaining("op-2 has claimed it")});
  });

  it("is lost when the bus was away for its lease, and others have the vault", async () => {
    const stage = await createStage();
    const link = await startTestLink(Number(stage.nats.url.split(":").at(-1)));
    const url = `127.0.0.1:${link.port}`;
    const bus = await connectTestBus("operator-op-1", {...stage, url});
    const claim = await claimTestVault(bus, {leaseMs: 1000});
    await claim.write(pending);
    link.cut();
    expect(await untilLost(claim)).toMatchObject({...takenOver, message: expect.stringContaining("not renewed")});
    const next = await claimTestVault(await stage.busOf("operator-op-2"), {waitMs: 30_000});
    expect(next.pending).toEqual(pending);
    link.open();
    await expect(claim.write({})).rejects.toMatchObject(takenOver);
  });

  it("survives a stream that was made anew within its lease, and says so", async () => {
    const stage = await createStage();
    const [first, second] = await operators(stage);
    const {logger, logged} = aLogger();
    const claim = await claimTestVault(first, {leaseMs: 15_000, logger});
    await claim.write(pending);
    await deleteStreams(stage.bus);
    await expect.poll(() => logged).toMatchObject([{vault: aVault, code: "BUS_UNAVAILABLE"}]);
    await applyStreams(stage.bus, stage.participants);
    await expect.poll(() => logged).toHaveLength(2);
    expect(claim.lost.aborted).toBe(false);
    await expect(claimTestVault(second)).rejects.toMatchObject(inUse);
    await claim.release();
    expect((await claimTestVault(second)).pending).toEqual(pending);
  });

  it("needs the stream", async () => {
    const stage = await createStage();
    const [first] = await operators(stage);
    await deleteStreams(stage.bus);
    await expect(claimTestVault(first)).rejects.toMatchObject({code: "STREAMS_MISSING"});
  });
});

describe("what cannot be read", () => {
  it.each([
    {id: "unsigned", change: {}, sign: false, code: "SIGNATURE_INVALID"},
    {id: "with a field more", change: {extra: 1}, sign: true, code: "MESSAGE_MALFORMED"},
    {id: "about another vault", change: {vault: `0x${"a2".repeat(20)}`}, sign: true, code: "SUBJECT_MISMATCH"},
    {id: "of another operator", change: {operator_id: "op-1"}, sign: true, code: "SUBJECT_MISMATCH"},
  ])("is ignored if it is $id, with one warning", async ({change, sign, code}) => {
    const [first, second] = await operators(await createStage());
    const good = aRegistration({operator_id: "op-2", vault: aVault});
    const subject = registration.subject(good);
    const data = Buffer.from(JSON.stringify({...good, ...change}));
    const plant = () => second.js.publish(subject, data, sign ? {headers: signMessage(second.identity, subject, data)} : {});
    await plant();
    const {logger, logged} = aLogger();
    const claim: Claim = await claimTestVault(first, {logger});
    expect(claim.pending).toEqual({});
    await plant();
    await claim.write(pending);
    expect(logged).toEqual([expect.objectContaining({subject, code})]);
  });
});
