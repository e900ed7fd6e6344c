import {describe, expect, it} from "vitest";
import {sweepUnpublished} from "../../src/aggregator/exits/sweep.js";
import {networks} from "../../src/consensus/networks.js";
import {exitKeyOf, validatorKeyOf} from "../../src/exits/exitId.js";
import {sweepOpen} from "../../src/relayer/sweepOpen.js";
import {createRequests} from "../../src/store/requests.js";
import {deliver} from "../support/deliver.js";
import {aShare, ask, createStage, type Dealt, lastMessage, messagesIn, type Stage} from "../support/stage.js";

const network = networks.hoodi;
const {signal} = new AbortController();
const exitOf = ({dealt}: Stage, of: number, validatorIndex = 1000 + of) => ({
  network,
  publicKey: (dealt[of] as Dealt).publicKeyHex,
  validatorIndex,
});

type Document = {_id: string; [field: string]: unknown};
const change = ({db}: Stage, of: string, change: object) => db.collection<Document>("requests").updateOne({_id: of}, change);

const commands = "op-1\r\nPUB dvt.v1.exit_requests.hoodi.c1.x 0\r\n\r\nPUB x";
const lineBreaks = {$set: {operators: {[commands]: 1}}};

/** Two exits that were asked for and are due; who writes the database then changes the first of them. */
async function changed(update: object): Promise<Stage> {
  const stage = await createStage({reissueAfterMs: 1});
  await ask(stage, {count: 2});
  await change(stage, validatorKeyOf(exitOf(stage, 0)), update);
  return stage;
}
const later = (): number => Date.now() + 3_600_000;
const requested = (stage: Stage, of: number, index = 1000 + of): Promise<unknown> =>
  lastMessage(stage.bus, "EXIT_REQUESTS", `dvt.v1.exit_requests.hoodi.c1.${exitOf(stage, of).publicKey}.${index}`);

describe("who writes MongoDB", () => {
  it.each<{id: string; update: object}>([
    {id: "an operator of line breaks", update: lineBreaks},
    {id: "an operator who does not exist", update: {$set: {operators: {ghost: 1}, validator_index: 7}}},
    {id: "an operator whom the cluster does not list", update: {$set: {operators: {"op-3": 1}, validator_index: 7}}},
    {id: "no operator", update: {$set: {operators: {}, validator_index: 7}}},
    {id: "operators in a list", update: {$set: {operators: ["op-1"], validator_index: 7}}},
    {id: "an index that is none", update: {$set: {validator_index: "7.>"}}},
    {id: "another key than its _id", update: {$set: {public_key: `0x${"ab".repeat(48)}`}}},
    {id: "a field of its own", update: {$set: {validator_index: 7, approved: true}}},
    {id: "a deposit to nobody", update: {$set: {validator_index: 7, deposit: {vault: "me"}}}},
  ])("has no sidecar asked by $id, and does not keep the others", async ({update}) => {
    const stage = await changed(update);
    for (let sweeps = 0; sweeps < 2; sweeps++) await sweepOpen(stage.relayer, later(), signal);
    expect(await messagesIn(stage.bus, "EXIT_REQUESTS")).toBe(1);
    expect(await requested(stage, 1)).toMatchObject({voluntary_exit: {validator_index: 1001}});
  });

  it("has an exit asked of the sidecars that the definitions say, whatever cluster the document names", async () => {
    const stage = await changed({$set: {cluster_id: "c2"}});
    await sweepOpen(stage.relayer, later(), signal);
    expect(await requested(stage, 0)).toMatchObject({cluster_id: "c1"});
  });

  it.each<{id: string; update: object; code: string}>([
    {id: "is not readable", update: lineBreaks, code: "STORED_INVALID"},
    {id: "names nobody who may ask", update: {$set: {operators: {ghost: 1}}}, code: "EXIT_UNKNOWN"},
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
    await change(stage, validatorKeyOf(exitOf(stage, 1)), {$set: {operators: {"op-1": 1, ghost: 1}}});
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
