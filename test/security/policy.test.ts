import {join} from "node:path";
import {describe, expect, it} from "vitest";
import type {ExitRefusal} from "../../schemas/exitRefusal.js";
import {type ExitRequest, exitRequest} from "../../schemas/exitRequest.js";
import {connectBeacon} from "../../src/beacon/connectBeacon.js";
import {createValidatorFinder} from "../../src/beacon/findValidators.js";
import {networks} from "../../src/consensus/networks.js";
import {publish} from "../../src/messaging/publish.js";
import type {PolicyRules} from "../../src/policy/policy.js";
import {anEntry, aRequest} from "../support/aRequest.js";
import {startBeaconServer} from "../support/beaconServer.js";
import {entriesOn} from "../support/entriesOn.js";
import {aLogger} from "../support/logger.js";
import {temporaryFolder} from "../support/servers.js";
import {createStage, type Dealt, lastMessage, type Stage} from "../support/stage.js";
import {startTestSidecar} from "../support/startTestSidecar.js";

const network = networks.hoodi;
const shares = "dvt.v2.exit_shares.hoodi.c1.1";
const refusals = "dvt.v2.exit_refusals.hoodi.c1.1";
const keyOf = (stage: Stage, of = 0): string => (stage.dealt[of] as Dealt).publicKeyHex;

const aSidecar = (stage: Stage, path: string, rules: Partial<PolicyRules> = {}) => startTestSidecar(stage, path, {rules});

/** What an operator ordered: the policy is the last guard. */
const ordered = (stage: Stage, validatorIndex: number, of = 0): Promise<ExitRequest> =>
  aRequest(stage, {entries: [anEntry(stage, {validatorIndex, of})]});

/** The relayer itself asks, with its own key and account. */
const demand = (stage: Stage, request: ExitRequest, subject?: string): Promise<void> =>
  publish(stage.relayer.bus, subject === undefined ? exitRequest : {...exitRequest, subject: () => subject}, request);

const countOn = async (stage: Stage, stream: string, subject: string): Promise<number> => {
  const jsm = await stage.bus.connection.jetstreamManager();
  return (await jsm.streams.info(stream, {subjects_filter: subject})).state.subjects?.[subject] ?? 0;
};
const counts = async (stage: Stage) => ({
  shares: await entriesOn(stage.bus, shares),
  refusals: await entriesOn(stage.bus, refusals),
  deadLetters: await countOn(stage, "DEAD_LETTERS", "dvt.v2.dead_letters.EXIT_REQUESTS.sidecar-c1-1"),
});

describe("a hostile relayer", () => {
  it("gets nothing signed of another network, cluster or epoch, nor of another order than the subject's", async () => {
    const stage = await createStage();
    await aSidecar(stage, join(await temporaryFolder(), "state.jsonl"));
    const {order_id} = await ordered(stage, 9);
    const at = (position: number): string => `dvt.v2.exit_requests.hoodi.c1.${order_id.slice(0, -1)}${position}`;
    const change = async (change: Partial<ExitRequest>) => ({...(await ordered(stage, 1)), ...change});
    await demand(stage, await change({network: "mainnet"}), at(1));
    await demand(stage, await change({cluster_id: "c2"}), at(2));
    await demand(stage, await change({epoch: 1}), at(3));
    await demand(stage, await change({}), at(4));
    await expect.poll(() => counts(stage)).toEqual({shares: 0, refusals: 0, deadLetters: 4});
  });

  it("gets no more indexes of a key than a day allows, also after a restart", async () => {
    const stage = await createStage();
    const path = join(await temporaryFolder(), "state.jsonl");
    const stop = await aSidecar(stage, path, {indexesPerKeyPerDay: 3});
    for (let index = 0; index < 20; index++) await demand(stage, await ordered(stage, index));
    await expect.poll(() => counts(stage)).toMatchObject({shares: 3, refusals: 17});
    await stop();
    await aSidecar(stage, path, {indexesPerKeyPerDay: 3});
    for (let index = 20; index < 40; index++) await demand(stage, await ordered(stage, index));
    await expect.poll(() => counts(stage)).toMatchObject({shares: 3, refusals: 37});
  });

  it("gets no more exits than an hour allows; the others wait, and are not refused", async () => {
    const stage = await createStage();
    const path = join(await temporaryFolder(), "state.jsonl");
    const stop = await aSidecar(stage, path, {exitsPerHour: 5});
    for (let index = 0; index < 50; index++) await demand(stage, await ordered(stage, index, index % 2));
    const waiting = async () => {
      const jsm = await stage.bus.connection.jetstreamManager();
      const {num_ack_pending, num_pending} = await jsm.consumers.info("EXIT_REQUESTS", "sidecar-c1-1");
      return {num_ack_pending, num_pending, ...(await counts(stage))};
    };
    const limited = {num_ack_pending: 45, num_pending: 0, shares: 5, refusals: 0, deadLetters: 0};
    await expect.poll(waiting).toEqual(limited);
    await stop();
    await aSidecar(stage, path, {exitsPerHour: 5});
    await demand(stage, await ordered(stage, 1000));
    await expect.poll(waiting).toEqual({...limited, num_ack_pending: 46});
  });

  it("gets no exit of a validator that is active, nor at an index that another key has", async () => {
    const stage = await createStage();
    const others = Array.from({length: 7}, (_, position) => `0x${String(position).padStart(96, "0")}`);
    const server = await startBeaconServer(network, {validators: [...others, keyOf(stage)], pending: []});
    const {signal} = new AbortController();
    const beacon = connectBeacon(server.url, {network, signal, logger: aLogger().logger});
    const beaconNode = createValidatorFinder(beacon);
    await aSidecar(stage, join(await temporaryFolder(), "state.jsonl"), {beaconNode});
    // Refusals that meet travel in one message.
    const lastCode = async () => ((await lastMessage(stage.bus, "EXIT_SHARES", refusals)) as ExitRefusal).refusals.at(-1)?.code;
    await demand(stage, await ordered(stage, 7));
    await demand(stage, await ordered(stage, 8));
    await expect.poll(() => counts(stage)).toEqual({shares: 0, refusals: 2, deadLetters: 0});
    expect(await lastCode()).toBe("VALIDATOR_ACTIVE");
    await demand(stage, await ordered(stage, 7, 1));
    await expect.poll(() => counts(stage)).toEqual({shares: 0, refusals: 3, deadLetters: 0});
    expect(await lastCode()).toBe("INDEX_OF_ANOTHER_KEY");
    // A node that is syncing knows nobody: that is no "not there yet".
    server.answerWith((path) =>
      path === "node/syncing" ? {body: {data: {is_syncing: true, sync_distance: "4000"}}} : undefined,
    );
    await demand(stage, await ordered(stage, 9, 1));
    await expect.poll(() => server.count("syncing")).toBeGreaterThan(4);
    expect(await counts(stage)).toEqual({shares: 0, refusals: 3, deadLetters: 0});
    server.answerWith(() => undefined);
    // One that the chain does not know is what exits are signed for in advance.
    await expect.poll(() => counts(stage)).toEqual({shares: 1, refusals: 3, deadLetters: 0});
  });
});
