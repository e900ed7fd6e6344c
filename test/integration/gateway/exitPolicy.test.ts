import {expect, it} from "vitest";
import {DvtError} from "../../../src/errors.js";

import {createPolicy, type PolicyRules} from "../../../src/policy/policy.js";
import {forgetful} from "../../support/exitLog.js";
import {aDeposit, ask, createStage, type Dealt, messagesIn} from "../../support/stage.js";
import {type ListedDeposit, post, send, signatureOf, signaturesFor, startTestGateway} from "../../support/testGateway.js";

const aPolicy = (rules: Partial<PolicyRules>) =>
  createPolicy({exitsPerHour: 1000, indexesPerKeyPerDay: 3, allowActiveValidators: false, ...rules}, forgetful);
const listedBy = async (url: string, route: "exits" | "validators"): Promise<string[]> =>
  ((await send(`${url}/${route}`)).body[route] as {public_key: string}[]).map(({public_key}) => public_key);

it("shows no exit that the policy refuses, takes no share of it or of its deposit, and warns of it once", async () => {
  const stage = await createStage();
  await ask(stage, {count: 2, deposit: aDeposit()});
  const [refused, allowed] = stage.dealt as [Dealt, Dealt];
  const exitPolicy = aPolicy({allowedKeys: new Set([allowed.publicKeyHex])});
  const warned: object[] = [];
  const {url} = await startTestGateway(stage, {exitPolicy, onWarning: (fields) => void warned.push(fields)});
  for (const _ of [1, 2]) {
    expect(await listedBy(url, "exits")).toEqual([allowed.publicKeyHex]);
    expect(await listedBy(url, "validators")).toEqual([allowed.publicKeyHex]);
  }
  const exitShare = {public_key: refused.publicKeyHex, exit_signature: signatureOf(refused, 1, 1000)};
  const oneExit = await post(`${url}/exit-signature`, {share_index: 1, shares: [exitShare]});
  expect(oneExit).toMatchObject({status: 422, body: {shares: [{code: "EXIT_UNKNOWN"}]}});
  const listed = [refused, allowed].map(
    ({publicKeyHex}, of) => ({public_key: publicKeyHex, ...aDeposit(), validator_index: 1000 + of}) as ListedDeposit,
  );
  const shares = listed.map((it) => signaturesFor(stage, it, 1));
  const both = await post(`${url}/signatures`, {share_index: 1, shares});
  expect(both.body["shares"]).toEqual(
    ["exit", "deposit"].map((signature) => ({public_key: refused.publicKeyHex, signature, code: "EXIT_UNKNOWN"})),
  );
  expect(await messagesIn(stage.bus, "EXIT_SHARES")).toBe(2);
  expect(warned).toMatchObject([{code: "KEY_NOT_ALLOWED"}]);
});

it("shows an exit that cannot be decided yet later, and decides it once", async () => {
  const stage = await createStage();
  await ask(stage);
  let isAway = true;
  let asked = 0;
  const findValidators = async () => {
    asked += 1;
    if (isAway) throw new DvtError("CONSENSUS_UNAVAILABLE", "ask a beacon node: it is away");
    return [];
  };
  const {url} = await startTestGateway(stage, {exitPolicy: aPolicy({beaconNode: {findValidators}})});
  expect(await listedBy(url, "exits")).toEqual([]);
  const [{publicKeyHex}] = stage.dealt as [Dealt];
  isAway = false;
  for (const _ of [1, 2]) expect(await listedBy(url, "exits")).toEqual([publicKeyHex]);
  expect(asked).toBe(2);
});

it("shows as many exits of a cluster as EXITS_PER_HOUR allows", async () => {
  const stage = await createStage();
  await ask(stage, {count: 2});
  const {url} = await startTestGateway(stage, {exitPolicy: aPolicy({exitsPerHour: 1})});
  for (const _ of [1, 2]) expect(await listedBy(url, "exits")).toHaveLength(1);
});
