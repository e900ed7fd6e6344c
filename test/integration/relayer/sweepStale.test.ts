import {expect, it} from "vitest";
import type {ExitResult} from "../../../src/exits/completion.js";
import type {ExitId} from "../../../src/exits/exitId.js";
import {fixedOracles} from "../../../src/oracles/liveOracles.js";
import type {Relayer} from "../../../src/relayer/relayer.js";
import {sweepOpen} from "../../../src/relayer/sweepOpen.js";
import {createStaleSweep, sweepStale} from "../../../src/relayer/sweepStale.js";
import {createOutage} from "../../../src/runtime/outage.js";
import {askedBy} from "../../support/found.js";
import {silent} from "../../support/servers.js";
import {ask, createStage, type Dealt, lastMessage, messagesIn, type Stage} from "../../support/stage.js";

const hashOf = (set: string): string => `0x${set.repeat(32)}`;
const [setA, setB] = [hashOf("aa"), hashOf("bb")];
const {signal} = new AbortController();
const result: ExitResult = {
  public_keys: [`0x${"ab".repeat(48)}`],
  encrypted_exit_signatures: [`0x${"cd".repeat(97 + 96)}`],
  aggregator_signature: `${"A".repeat(86)}==`,
};

const exitOf = ({relayer, dealt}: Stage, of = 0): ExitId => ({
  network: relayer.network,
  validatorIndex: 1000 + of,
  publicKey: (dealt[of] as Dealt).publicKeyHex,
});
const keyOf = (stage: Stage, of = 0): string => exitOf(stage, of).publicKey;
const stateOf = async (stage: Stage, of = 0) => stage.requests.find(exitOf(stage, of));
const requestsIn = (stage: Stage): Promise<number> => messagesIn(stage.bus, "EXIT_REQUESTS");
const completionOf = (stage: Stage, operatorId = "op-1"): Promise<unknown> =>
  lastMessage(stage.bus, "COMPLETIONS", `dvt.v2.completions.hoodi.${operatorId}.${keyOf(stage)}.1000`);

/** The relayer with another oracle set, and these validators registered. */
const withSet = (stage: Stage, configHash: string, registered: readonly string[] = []): Relayer => ({
  ...stage.relayer,
  oracles: fixedOracles({...stage.oracleSet, configHash}),
  followed: {registry: registryOf(registered), graceMs: 0, outage: createOutage("the registry", silent)},
});
const registryOf = (registered: readonly string[]) => ({
  read: async () => ({nextIndex: 0, isRegistered: (publicKey: string) => registered.includes(publicKey)}),
});
const sweep = (relayer: Relayer): Promise<void> =>
  sweepStale(relayer, (relayer.followed as NonNullable<Relayer["followed"]>).registry, Date.now(), signal);

/** A stage with two exits that were asked for and answered for set A. */
async function createAnswered(): Promise<Stage> {
  const stage = await createStage();
  await ask(stage, {count: 2});
  await ask(stage, {count: 1, operatorId: "op-2"});
  for (const of of [0, 1]) {
    await stage.exits.write([{exit: exitOf(stage, of), clusterId: "c1", result}], setA, Date.now());
    await stage.requests.markAnswered(exitOf(stage, of), setA);
  }
  return stage;
}

it("requests exits again, once, that were answered for another set, and skips registered ones", async () => {
  const stage = await createAnswered();
  const relayer = withSet(stage, setB, [keyOf(stage, 1)]);
  await Promise.all([sweep(relayer), sweep(relayer)]);
  expect(await stateOf(stage)).toMatchObject({state: "open", requesters: askedBy("op-1", "op-2")});
  expect(await requestsIn(stage)).toBe(1);
  expect(await stateOf(stage, 1)).toMatchObject({state: "answered", answeredFor: setA});
  await sweep(withSet(stage, setB));
  await sweep(withSet(stage, hashOf("cc")));
  expect(await stateOf(stage, 1)).toMatchObject({state: "answered", answeredFor: setA});
  expect(await requestsIn(stage)).toBe(1);
});

it("requests nothing while the set is the one that exits were answered for", async () => {
  const stage = await createAnswered();
  await sweep(withSet(stage, setA));
  expect([await stateOf(stage), await stateOf(stage, 1)]).toMatchObject([{state: "answered"}, {state: "answered"}]);
  expect(await requestsIn(stage)).toBe(0);
});

it("publishes the result for this set if there is one already", async () => {
  const stage = await createAnswered();
  await stage.exits.write([{exit: exitOf(stage), clusterId: "c1", result}], setB, Date.now());
  await sweep(withSet(stage, setB, [keyOf(stage, 1)]));
  expect(await stateOf(stage)).toMatchObject({state: "answered", answeredFor: setB});
  for (const operator of ["op-1", "op-2"]) {
    expect(await completionOf(stage, operator)).toMatchObject({status: "completed", oracles_config_hash: setB});
  }
  expect(await requestsIn(stage)).toBe(0);
});

it("reads the results of exits that were answered before their set was stored", async () => {
  const stage = await createAnswered();
  await stage.db.collection("requests").updateMany({}, {$unset: {answered_for: ""}});
  await stage.exits.write([{exit: exitOf(stage), clusterId: "c1", result}], setB, Date.now());
  await sweep(withSet(stage, setB));
  expect(await stateOf(stage)).toMatchObject({state: "answered", answeredFor: setB});
  expect(await completionOf(stage)).toBeUndefined();
  expect(await stateOf(stage, 1)).toMatchObject({state: "open"});
});

it("does nothing while the registry is unavailable", async () => {
  const stage = await createAnswered();
  const unavailable = {read: () => Promise.reject(new Error("unavailable"))};
  await expect(sweepStale(withSet(stage, setB), unavailable, Date.now(), signal)).rejects.toThrow("unavailable");
  expect(await stateOf(stage)).toMatchObject({state: "answered"});
});

it("waits after a new set until the other roles know it, but not at its start", async () => {
  const stage = await createAnswered();
  const sets = [setA, setB];
  const relayer = {...withSet(stage, setA), oracles: {current: () => ({...stage.oracleSet, configHash: sets[0] as string})}};
  const sweepFrom = createStaleSweep(relayer, {registry: registryOf([]), graceMs: 600_000});
  await sweepFrom(signal);
  sets.shift();
  await sweepFrom(signal);
  expect(await stateOf(stage)).toMatchObject({state: "answered"});
  await createStaleSweep(relayer, {registry: registryOf([]), graceMs: 600_000})(signal);
  expect(await stateOf(stage)).toMatchObject({state: "open"});
});

it("closes an open exit that was answered for another set once its validator is registered", async () => {
  const stage = await createAnswered();
  await sweep(withSet(stage, setB));
  const due = Date.now() + 2 * stage.relayer.reissueAfterMs;
  await sweepOpen(withSet(stage, setB, [keyOf(stage)]), due, signal);
  expect(await stateOf(stage)).toMatchObject({state: "answered", answeredFor: setA});
  expect(await stateOf(stage, 1)).toMatchObject({state: "open", issues: 2});
  await sweep(withSet(stage, setB));
  expect(await stateOf(stage)).toMatchObject({state: "answered"});
});

it("forgets what was stored of a key's old index once it has another", async () => {
  const stage = await createAnswered();
  await sweep(withSet(stage, setB, [keyOf(stage)]));
  await ask(stage, {validatorIndex: 2000, requestedAt: Date.now() + 1});
  const moved = {...exitOf(stage), validatorIndex: 2000};
  await stage.requests.markAnswered(moved, setB);
  await sweep(withSet(stage, setA));
  expect(await stateOf(stage)).toMatchObject({validatorIndex: 2000, state: "open"});
});
