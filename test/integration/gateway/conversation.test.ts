import {join} from "node:path";
import {expect, it} from "vitest";
import {networks} from "../../../src/consensus/networks.js";
import {toOracleSet} from "../../../src/oracles/oracleSet.js";
import {deliver} from "../../support/deliver.js";
import {hearReceipts} from "../../support/hearReceipts.js";
import {type Listed, untilListed} from "../../support/httpSidecar.js";
import {aLogger} from "../../support/logger.js";
import {temporaryFolder} from "../../support/servers.js";
import {aShare, ask as claim, createStage, type Stage} from "../../support/stage.js";
import {startTestSidecar} from "../../support/startTestSidecar.js";
import {pollAsSidecar, post, send, startCentre, startTestGateway} from "../../support/testGateway.js";
import {untilMessages} from "../../support/until.js";

const keysOf = ({dealt}: Stage): string[] => dealt.map(({publicKeyHex}) => publicKeyHex);
const askedFor = ({bus}: Stage): Promise<void> => untilMessages(bus, "dvt.v2.exit_requests.>", 1);
const completed = ({bus}: Stage): Promise<void> => untilMessages(bus, "dvt.v2.completions.>", 2);
const ask = (url: string, stage: Stage) => post(`${url}/validators`, {public_keys: keysOf(stage), unknown_field: 1});

/** The stored results, as the operator has to see them. */
async function storedResults({exits, oracleSet, dealt}: Stage, start = 1000): Promise<object[]> {
  const ids = dealt.map(({publicKeyHex: publicKey}, i) => ({network: networks.hoodi, publicKey, validatorIndex: start + i}));
  const results = [...(await exits.findResults(ids, oracleSet.configHash)).values()];
  return results.map(({public_keys, encrypted_exit_signatures}) => ({public_keys, encrypted_exit_signatures}));
}

it("gets an operator its exits from four sidecars that speak HTTP, and gives the same ones later", async () => {
  const stage = await createStage();
  await startCentre(stage);
  const {url} = await startTestGateway(stage);
  expect((await send(`${url}/info`)).body).toEqual({network: "hoodi"});

  const asked = askedFor(stage);
  const first = await ask(url, stage);
  expect(first.body).toEqual({
    ready: false,
    validators: keysOf(stage).map((public_key) => ({public_key, oracles_exit_signature_shares: null})),
  });
  await asked;
  const done = completed(stage);
  const answers = await Promise.all([1, 2, 3, 4].map((shareIndex) => pollAsSidecar(url, stage, shareIndex)));
  // The fourth may come when three were enough.
  const posted = answers.flatMap((answer) => answer ?? []);
  expect(posted.length).toBeGreaterThanOrEqual(3);
  for (const {status, body} of posted) expect({status, body}).toEqual({status: 200, body: {}});
  await done;

  const {body} = await ask(url, stage);
  const results = (body["validators"] as {oracles_exit_signature_shares: object}[]).map((it) => it.oracles_exit_signature_shares);
  expect(body["ready"]).toBe(true);
  expect(new Set(results)).toEqual(new Set(await storedResults(stage)));
  expect((await ask(url, stage)).body).toEqual(body);
});

it("logs what it publishes for others, and what it serves, in the words of the roles and once", async () => {
  const stage = await createStage();
  await startCentre(stage);
  const {logger, logged} = aLogger();
  const {url} = await startTestGateway(stage, {logger});
  const asked = askedFor(stage);
  await ask(url, stage);
  await asked;
  const done = completed(stage);
  await Promise.all([1, 2].map((shareIndex) => pollAsSidecar(url, stage, shareIndex)));
  await pollAsSidecar(url, stage, 1);
  await pollAsSidecar(url, stage, 3);
  await done;
  for (const _ of [1, 2]) await ask(url, stage);

  const exits = keysOf(stage).map((publicKey, position) => `hoodi:${publicKey}:${1000 + position}`);
  const lines = logged.filter((line) => "exits" in line);
  const of = (wanted: string) => lines.filter(({msg}) => msg === wanted);
  expect(of("exits asked for")).toMatchObject([{operator_id: "op-1", exits}]);
  const signed = of("exits signed");
  const order = signed[0]?.["order"];
  expect(order).toMatch(/^0x/);
  for (const line of signed) expect(line).toMatchObject({order, cluster_id: "c1"});
  // Shares that are verified one after the other have lines of their own.
  const shares = signed.flatMap(({share_index, exits: keys}) => (keys as string[]).map((key) => `${share_index} ${key}`));
  expect(shares.sort()).toEqual([1, 2, 3].flatMap((index) => exits.toSorted().map((key) => `${index} ${key}`)));
  expect(of("results served")).toMatchObject([{operator_id: "op-1", exits}]);
  expect(new Set(lines.map(({msg}) => msg))).toEqual(new Set(["exits asked for", "exits signed", "results served"]));
});

it("works with two sidecars on the bus and two over HTTP", async () => {
  const stage = await createStage();
  await startCentre(stage);
  const {url} = await startTestGateway(stage, {shareIndexes: [3, 4]});
  const folder = await temporaryFolder();
  await Promise.all([1, 2].map((shareIndex) => startTestSidecar(stage, join(folder, `${shareIndex}.jsonl`), {shareIndex})));
  const asked = askedFor(stage);
  await ask(url, stage);
  await asked;
  const done = completed(stage);
  await Promise.all([3, 4].map((shareIndex) => pollAsSidecar(url, stage, shareIndex)));
  await done;
  expect((await ask(url, stage)).body).toMatchObject({ready: true});
});

it("forgets nothing when it is restarted in the middle", async () => {
  const stage = await createStage();
  await startCentre(stage);
  const asked = askedFor(stage);
  const first = await startTestGateway(stage);
  await ask(first.url, stage);
  await asked;
  await pollAsSidecar(first.url, stage, 1);
  await untilHeld(first.url);
  await first.stop();

  const second = await startTestGateway(stage);
  const {body} = await send(`${second.url}/exits`);
  expect(body).toMatchObject({exits: [{share_indexes_ready: [1]}, {share_indexes_ready: [1]}]});
  const done = completed(stage);
  await pollAsSidecar(second.url, stage, 2);
  await pollAsSidecar(second.url, stage, 3);
  await done;
  const ready = await ask(second.url, stage);
  expect(ready.body).toMatchObject({ready: true});
  await second.stop();

  const third = await startTestGateway(stage);
  expect((await ask(third.url, stage)).body).toEqual(ready.body);
});

/** Waits until the aggregator has stored a share of both exits. */
const untilHeld = (url: string): Promise<Listed[]> =>
  untilListed(url, (exits) => exits.every(({share_indexes_ready}) => share_indexes_ready.length === 1));

it("answers with results for the current oracle set, and lists as ready what is not asked for again", async () => {
  const stage = await createStage();
  const [first, later] = [stage.oracleSet, toOracleSet(stage.oracleSet.publicKeys, 2)];
  let current = first;
  const oracles = {current: () => current};
  const live = {...stage, relayer: {...stage.relayer, oracles}, aggregator: {...stage.aggregator, oracles}};
  const [publicKey = ""] = keysOf(stage);
  const exit = {network: networks.hoodi, publicKey, validatorIndex: 1000};
  const {url} = await startTestGateway(live);
  const answer = async () => (await post(`${url}/validators`, {public_keys: [publicKey]})).body;
  const listed = async () => ((await send(`${url}/exits`)).body["exits"] as object[])[0];
  const complete = () => Promise.all([1, 2, 3].map((shareIndex) => deliver(live, aShare(stage, {shareIndex}))));

  await claim(stage);
  await complete();
  const before = await answer();
  expect(before).toMatchObject({ready: true});
  await stage.requests.markAnswered(exit, first.configHash);
  current = later;
  expect(await answer()).toMatchObject({ready: false});
  expect(await listed()).toMatchObject({is_exit_signature_ready: true});
  await stage.requests.reopen(exit, Date.now(), 600_000);
  expect(await listed()).toMatchObject({is_exit_signature_ready: false});
  await complete();
  const after = await answer();
  expect(after).toMatchObject({ready: true});
  expect(after).not.toEqual(before);
  current = first;
  expect(await answer()).toEqual(before);
});

it("tells the relayer once which results it has given, so that it closes these exits and no others", async () => {
  const stage = await createStage();
  await startCentre(stage);
  const heard = hearReceipts(stage);
  const {url, stop} = await startTestGateway(stage);
  await claim(stage, {count: 2});
  await Promise.all([1, 2, 3].map((shareIndex) => deliver(stage, aShare(stage, {shareIndex}))));
  const given = (await ask(url, stage)).body["validators"] as {oracles_exit_signature_shares: object | null}[];
  expect(given.map((it) => it.oracles_exit_signature_shares !== null)).toEqual([true, false]);
  await expect.poll(() => heard).toEqual(["op-1 1000"]);
  await ask(url, stage);
  await stop();
  await stage.bus.connection.flush();
  expect(heard).toEqual(["op-1 1000"]);
  const requestOf = (of: number) => stage.requests.find({network: networks.hoodi, publicKey: keysOf(stage)[of] as string});
  await expect.poll(async () => (await requestOf(0))?.state).toBe("answered");
  expect([...((await requestOf(0))?.taken.keys() ?? [])]).toEqual(["op-1"]);
  expect(await requestOf(1)).toMatchObject({state: "open", taken: new Map()});
});
