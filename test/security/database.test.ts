import type {Binary} from "mongodb";
import {describe, expect, it} from "vitest";
import {openWithAny} from "../../src/aggregator/exits/openWithAny.js";
import {sweepUnpublished} from "../../src/aggregator/exits/sweep.js";
import {networks} from "../../src/consensus/networks.js";
import {generatePrivateKey} from "../../src/ecies/keys.js";
import {exitKeyOf, validatorKeyOf} from "../../src/exits/exitId.js";
import {sweepOpen} from "../../src/relayer/sweepOpen.js";
import {fromHex} from "../../src/runtime/hex.js";
import {createRequests} from "../../src/store/requests.js";
import {deliver, deliverAll, toDelivery} from "../support/deliver.js";
import {exitRequestsIn, shownIn} from "../support/exitRequests.js";
import {aShare, ask, createStage, type Dealt, messagesIn, type Stage, sharesOf} from "../support/stage.js";

const network = networks.hoodi;
const {signal} = new AbortController();
const exitOf = ({dealt}: Stage, of: number, validatorIndex = 1000 + of) => ({
  network,
  publicKey: (dealt[of] as Dealt).publicKeyHex,
  validatorIndex,
});

type Document = {_id: string; [field: string]: unknown};
const change = ({db}: Stage, of: string, change: object) => db.collection<Document>("requests").updateOne({_id: of}, change);

const commands = "op-1\r\nPUB dvt.v2.exit_requests.hoodi.c1.x 0\r\n\r\nPUB x";
const anAsk = {requested_at: 1, order_id: `0x${"0d".repeat(32)}`};
const lineBreaks = {$set: {operators: {[commands]: anAsk}}};

/** Two exits that were asked for and are due; who writes the database then changes the first of them. */
async function changed(update: object): Promise<Stage> {
  const stage = await createStage({reissueAfterMs: 1});
  await ask(stage, {count: 2});
  await change(stage, validatorKeyOf(exitOf(stage, 0)), update);
  return stage;
}
const later = (): number => Date.now() + 3_600_000;
/** The exits that the sidecars are asked for now, with the cluster whose sidecars they are. */
const requested = async ({bus}: Stage): Promise<{cluster: string; key: string; index: number}[]> =>
  (await exitRequestsIn(bus)).flatMap(({request}) =>
    shownIn(request).map((it) => ({cluster: request.cluster_id, key: it.public_key, index: it.validator_index})),
  );

describe("who writes MongoDB", () => {
  it.each<{id: string; update: object}>([
    {id: "an operator of line breaks", update: lineBreaks},
    {id: "an operator who does not exist", update: {$rename: {"operators.op-1": "operators.ghost"}}},
    {id: "an operator whom the cluster does not list", update: {$rename: {"operators.op-1": "operators.op-3"}}},
    {id: "no operator", update: {$set: {operators: {}}}},
    {id: "operators in a list", update: {$set: {operators: ["op-1"]}}},
    {id: "an index that is none", update: {$set: {validator_index: "7.>"}}},
    {id: "another key than its _id", update: {$set: {public_key: `0x${"ab".repeat(48)}`}}},
    {id: "an index that nobody ordered", update: {$set: {validator_index: 7}}},
    {id: "the order of nobody", update: {$set: {"operators.op-1": anAsk}}},
    {id: "a field of its own", update: {$set: {approved: true}}},
    {id: "a deposit to nobody", update: {$set: {deposit: {vault: "me"}}}},
  ])("has no sidecar asked by $id, and does not keep the others", async ({update}) => {
    const stage = await changed(update);
    for (let sweeps = 0; sweeps < 2; sweeps++) await sweepOpen(stage.relayer, later(), signal);
    expect(await requested(stage)).toEqual([{cluster: "c1", key: exitOf(stage, 1).publicKey, index: 1001}]);
  });

  it("has an exit asked of the sidecars that the definitions say, whatever cluster the document names", async () => {
    const stage = await changed({$set: {cluster_id: "c2"}});
    await sweepOpen(stage.relayer, later(), signal);
    const both = [0, 1].map((of) => ({cluster: "c1", key: exitOf(stage, of).publicKey, index: 1000 + of}));
    expect((await requested(stage)).sort((a, b) => a.index - b.index)).toEqual(both);
  });

  it.each<{id: string; update: object; code: string}>([
    {id: "is not readable", update: lineBreaks, code: "STORED_INVALID"},
    {id: "names nobody who may ask", update: {$set: {operators: {ghost: anAsk}}}, code: "EXIT_UNKNOWN"},
  ])("has no exit made by a request that $id", async ({update, code}) => {
    const stage = await changed(update);
    const outcomes = [1, 2, 3].map((shareIndex) => deliver(stage, aShare(stage, {shareIndex})).catch((it) => it));
    for (const outcome of await Promise.all(outcomes)) expect(outcome).toMatchObject({code});
    expect(await stage.exits.find(exitOf(stage, 0), stage.oracleSet.configHash)).toBeUndefined();
  });

  it("cannot have a result told to anybody but those who may ask, nor stop what is owed to others", async () => {
    const stage = await createStage({validators: 3});
    await ask(stage, {count: 3});
    for (const of of [0, 1, 2]) {
      const shares = [1, 2, 3].map((shareIndex) => aShare(stage, {of, shareIndex, validatorIndex: 1000 + of}));
      await Promise.all(shares.map((share) => deliver(stage, share)));
    }
    const exits = stage.db.collection<Document>("exits");
    const owed = {oracles_config_hash: stage.oracleSet.configHash, since: 1};
    await exits.updateMany({}, {$set: {unpublished: owed}});
    await exits.updateOne({_id: exitKeyOf(exitOf(stage, 0))}, {$set: {results: {[owed.oracles_config_hash]: {public_keys: []}}}});
    await change(stage, validatorKeyOf(exitOf(stage, 1)), {$set: {operators: {"op-1": anAsk, ghost: anAsk}}});
    const before = await messagesIn(stage.bus, "COMPLETIONS");
    await sweepUnpublished(stage.aggregator, later(), signal);
    expect(await messagesIn(stage.bus, "COMPLETIONS")).toBe(before);
    const published = await exits.find({unpublished: {$exists: false}}).toArray();
    expect(published.map(({_id}) => _id).sort()).toEqual([1, 2].map((of) => exitKeyOf(exitOf(stage, of))).sort());
  });

  it("is named in the log once for each document that does not fit", async () => {
    const stage = await changed(lineBreaks);
    const logged: object[] = [];
    const logger = {...stage.relayer.logger, error: (fields: object) => void logged.push(fields)} as typeof stage.relayer.logger;
    const requests = createRequests(stage.db, {logger, mayAsk: () => true});
    for (let times = 0; times < 3; times++) expect((await requests.findAll([exitOf(stage, 0), exitOf(stage, 1)])).size).toBe(2);
    expect(logged).toEqual([{code: "STORED_INVALID", error: expect.stringContaining(validatorKeyOf(exitOf(stage, 0)))}]);
    expect(JSON.stringify(logged)).not.toMatch(/\\[rn]/);
  });
});

it("who reads MongoDB finds one ciphertext for each share, whatever message brought it, and opens none without the aggregator's key", async () => {
  const stage = await createStage({validators: 3});
  await ask(stage, {count: 3});
  const all = [0, 1, 2];
  const messages = [1, 2].map((shareIndex) => sharesOf(stage, all, {shareIndex}));
  await Promise.all(
    await deliverAll(
      stage,
      messages.map((it) => toDelivery(it)),
    ),
  );
  const plain = await Promise.all(
    messages.map(async (it) => openWithAny(stage.aggregator.privateKeys, fromHex(it.encrypted_signatures))),
  );
  const ciphertexts: Buffer[] = [];
  for (const of of all) {
    const stored = await stage.db.collection<Document>("exits").findOne({_id: exitKeyOf(exitOf(stage, of))});
    const shares = Object.entries((stored?.["shares"] ?? {}) as Record<string, Binary>);
    expect(shares.map(([shareIndex]) => shareIndex)).toEqual(["1", "2"]);
    for (const [shareIndex, {buffer}] of shares) {
      const ciphertext = Buffer.from(buffer);
      expect(ciphertext).toHaveLength(97 + 96);
      const share = plain[Number(shareIndex) - 1]?.subarray(96 * of, 96 * (of + 1)) as Uint8Array;
      expect(openWithAny(stage.aggregator.privateKeys, ciphertext)).toEqual(Uint8Array.from(share));
      expect(() => openWithAny([generatePrivateKey()], ciphertext)).toThrow();
      ciphertexts.push(ciphertext);
    }
  }
  expect(new Set(ciphertexts.map((it) => it.toString("hex"))).size).toBe(6);
});
