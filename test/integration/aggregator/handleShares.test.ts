import {describe, expect, it, onTestFinished} from "vitest";
import type {DeadLetter} from "../../../schemas/deadLetter.js";
import {type ExitShare, exitShare} from "../../../schemas/exitShare.js";
import type {Aggregator} from "../../../src/aggregator/aggregator.js";
import {startAggregator} from "../../../src/aggregator/startAggregator.js";
import type {Clusters} from "../../../src/clusters/clusters.js";
import {networks} from "../../../src/consensus/networks.js";
import {voluntaryExitSigningRoot} from "../../../src/consensus/voluntaryExit.js";
import {decrypt} from "../../../src/ecies/ecies.js";
import {exitKeyOf} from "../../../src/exits/exitId.js";
import {readDeadLetters} from "../../../src/messaging/deadLetters.js";
import {publish} from "../../../src/messaging/publish.js";
import {fromHex, toHex} from "../../../src/runtime/hex.js";
import {createShutdown} from "../../../src/runtime/shutdown.js";
import {aMessageCount} from "../../support/aMessageCount.js";
import {deliverAll, toDelivery} from "../../support/deliver.js";
import {ask, createStage, type Dealt, messagesIn, type Stage, sharesOf} from "../../support/stage.js";

const network = networks.hoodi;
const exitOf = ({dealt}: Stage, of: number) => ({
  network,
  publicKey: (dealt[of] as Dealt).publicKeyHex,
  validatorIndex: 1000 + of,
});
const heldOf = async (stage: Stage, of: number): Promise<number[]> => [
  ...((await stage.exits.find(exitOf(stage, of), stage.oracleSet.configHash))?.shares.keys() ?? []),
];
const signatureOf = ({dealt}: Stage, of: number, shareIndex: number): Uint8Array => {
  const root = voluntaryExitSigningRoot(network, 1000 + of);
  return (dealt[of] as Dealt).dealt.secretShares[shareIndex - 1]?.sign(root).toBytes() ?? new Uint8Array();
};

/** An aggregator that takes what is on the bus until the test ends. */
async function start(stage: Stage, change: Partial<Aggregator> = {}): Promise<void> {
  const shutdown = createShutdown({onError: () => {}});
  onTestFinished(shutdown.stop);
  await startAggregator({...stage.aggregator, ...change}, shutdown);
}
const say = async (stage: Stage, message: ExitShare): Promise<void> =>
  publish(await stage.busOf(`sidecar-c1-${message.share_index}`), exitShare, message);
const deadLettersOf = async (stage: Stage): Promise<DeadLetter[]> =>
  (await readDeadLetters(stage.bus)).flatMap(({letter}) => (letter ? [letter] : []));
const untilTaken = (stage: Stage) => expect.poll(() => messagesIn(stage.bus, "EXIT_SHARES")).toBe(0);

describe("a message of many shares, off the bus", () => {
  it("keeps its good ones, and has a dead letter that names the exit of each bad one", async () => {
    const stage = await createStage({validators: 6});
    await ask(stage, {count: 5});
    const message = sharesOf(stage, [0, 1, 2, 3, 4, 5]);
    // Another validator's key stands where the share of this one is.
    const [, second, , fourth] = message.exits;
    const exits = message.exits.with(1, fourth as never).with(3, second as never);
    await start(stage);
    await say(stage, {...message, exits});
    await untilTaken(stage);
    expect(await Promise.all([0, 1, 2, 3, 4, 5].map((of) => heldOf(stage, of)))).toEqual([[1], [], [1], [], [1], []]);
    const letters = (await deadLettersOf(stage)).map(({code, exit}) => `${code} ${exit}`).sort();
    const [bad1, bad3, unknown] = [1, 3, 5].map((of) => exitKeyOf(exitOf(stage, of)));
    expect(letters).toEqual(
      [`EXIT_UNKNOWN ${unknown}`, `SHARE_SIGNATURE_INVALID ${bad1}`, `SHARE_SIGNATURE_INVALID ${bad3}`].sort(),
    );
  });

  it("has one dead letter where one exit's document cannot be read, and the others are kept", async () => {
    const stage = await createStage({validators: 3});
    await ask(stage, {count: 3});
    const _id = exitKeyOf(exitOf(stage, 1));
    await stage.db.collection<{_id: string; shares: unknown}>("exits").insertOne({_id, shares: {1: "not what was stored"}});
    await start(stage);
    await say(stage, sharesOf(stage, [0, 1, 2]));
    await untilTaken(stage);
    expect(await deadLettersOf(stage)).toMatchObject([{code: "STORED_INVALID", exit: _id}]);
    expect([await heldOf(stage, 0), await heldOf(stage, 2)]).toEqual([[1], [1]]);
  });

  it("comes again for the one entry that cannot be taken yet, and for no other", async () => {
    const stage = await createStage({validators: 3});
    await ask(stage, {count: 3});
    const {publicKey} = exitOf(stage, 1);
    // The second validator's definition can be read once its share has come twice.
    let lookUps = 0;
    const without = {...stage.cluster, validators: new Map([...stage.cluster.validators].filter(([key]) => key !== publicKey))};
    const byId: Clusters["byId"] = (id) => (++lookUps <= 4 && id === "c1" ? without : stage.aggregator.clusters.byId(id));
    const {counts, read} = aMessageCount();
    await start(stage, {counts, clusters: {...stage.aggregator.clusters, awaited: ["c1"], byId}});
    await say(stage, sharesOf(stage, [0, 1, 2]));
    await untilTaken(stage);
    expect(await Promise.all([0, 1, 2].map((of) => heldOf(stage, of)))).toEqual([[1], [1], [1]]);
    const stream = "EXIT_SHARES";
    expect(await read("handled")).toEqual([{labels: {stream, outcome: "collecting"}, value: 3}]);
    const retries = await read("retried");
    expect(retries).toEqual([{labels: {stream, code: "DEFINITION_AWAITED"}, value: lookUps - 3}]);
    expect(await deadLettersOf(stage)).toEqual([]);
  });

  it("completes its exits with the messages of two other sidecars", async () => {
    const stage = await createStage({validators: 20});
    await ask(stage, {count: 20});
    const {counts, read} = aMessageCount();
    await start(stage, {counts});
    const all = Array.from({length: 20}, (_, of) => of);
    await Promise.all([1, 2, 4].map((shareIndex) => say(stage, sharesOf(stage, all, {shareIndex}))));
    await untilTaken(stage);
    const found = await stage.exits.findResults(
      all.map((of) => exitOf(stage, of)),
      stage.oracleSet.configHash,
    );
    expect(found.size).toBe(20);
    expect(await messagesIn(stage.bus, "COMPLETIONS")).toBe(20);
    expect((await read("refused")).length + (await read("retried")).length).toBe(0);
  });
});

it("at rest each share is a ciphertext of its own, and no document holds an unencrypted one", async () => {
  const stage = await createStage({validators: 3});
  await ask(stage, {count: 3});
  const messages = [1, 2].map((shareIndex) => toDelivery(sharesOf(stage, [0, 1, 2], {shareIndex})));
  expect(await Promise.all(await deliverAll(stage, messages))).toEqual(Array(6).fill("collecting"));
  const [privateKey] = stage.aggregator.privateKeys as [Uint8Array];
  const ciphertexts: string[] = [];
  for (const of of [0, 1, 2]) {
    const collected = await stage.exits.find(exitOf(stage, of), stage.oracleSet.configHash);
    for (const [shareIndex, stored] of collected?.shares ?? []) {
      ciphertexts.push(toHex(stored));
      expect(decrypt(privateKey, stored)).toEqual(signatureOf(stage, of, shareIndex));
    }
  }
  // Not even the key that they are derived from is shared: the first 65 bytes are of one ciphertext only.
  expect(new Set(ciphertexts.map((it) => it.slice(0, 2 + 2 * 65))).size).toBe(6);
  const documents = await stage.db.collection("exits").find({}, {raw: true}).toArray();
  const text = documents.map((it) => Buffer.from(it as never).toString("hex")).join();
  expect(text).toContain(ciphertexts[0]?.slice(2));
  for (const of of [0, 1, 2])
    for (const shareIndex of [1, 2]) expect(text).not.toContain(toHex(signatureOf(stage, of, shareIndex)).slice(2));
  expect(fromHex(ciphertexts[0] as string)).toHaveLength(97 + 96);
});
