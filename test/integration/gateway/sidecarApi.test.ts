import {createHash} from "node:crypto";
import {join} from "node:path";
import {describe, expect, it} from "vitest";
import type {Deposit} from "../../../schemas/deposit.js";
import {addPublicKeys} from "../../../src/bls/curve.js";
import {areOfDegree} from "../../../src/bls/threshold.js";
import {requestExits} from "../../../src/client/requestExits.js";
import {networks} from "../../../src/consensus/networks.js";
import {DvtError} from "../../../src/errors.js";
import type {Credentials} from "../../../src/gateway/access/credentials.js";
import {toCreatedAt} from "../../../src/gateway/progress/createdAt.js";
import {toHex} from "../../../src/runtime/hex.js";
import {dealValidator} from "../../../src/sandbox/makeCluster.js";
import type {AskedDeposit} from "../../../src/store/askedDeposit.js";
import {connectStore} from "../../../src/store/connect.js";
import {createRequests} from "../../../src/store/requests.js";
import {countShares} from "../../support/countShares.js";
import {aResult} from "../../support/examples/messages.js";
import {silent, temporaryFolder} from "../../support/servers.js";
import {
  aDeposit,
  aDepositShare,
  ask,
  aVault,
  createStage,
  type Dealt,
  depositIdOf,
  lastMessage,
  type Stage,
} from "../../support/stage.js";
import {startTestSidecar} from "../../support/startTestSidecar.js";
import {
  type ListedDeposit,
  pollAsSidecarV2,
  post,
  send,
  signaturesFor,
  startCentre,
  startTestGateway,
} from "../../support/testGateway.js";
import {untilMessages} from "../../support/until.js";

const keyOf = ({dealt}: Stage, of: number): string => (dealt[of] as Dealt).publicKeyHex;
const exitOf = (stage: Stage, of: number) => ({network: networks.hoodi, publicKey: keyOf(stage, of), validatorIndex: 1000 + of});
const listedOf = (stage: Stage, of: number, deposit = aDeposit()): ListedDeposit => ({
  public_key: keyOf(stage, of),
  ...deposit,
  validator_index: 1000 + of,
  share_indexes_ready: [],
  is_signatures_ready: false,
});
/** Waits until the aggregator has stored this many shares of exits, and as many of deposits. It publishes nothing then. */
const untilHeld = async (stage: Stage, shares: number): Promise<void> => {
  const {exits, deposits, oracleSet, dealt} = stage;
  const held = async (): Promise<number[]> => {
    const found = [
      await exits.findAll(
        dealt.map((_, of) => exitOf(stage, of)),
        oracleSet.configHash,
      ),
      await deposits.findAll(dealt.map((_, of) => depositIdOf(stage, {of}))),
    ];
    return found.map((some) =>
      [...some.values()].reduce((sum, it) => sum + (it instanceof DvtError ? 0 : (it.shares?.size ?? 0)), 0),
    );
  };
  await expect.poll(held, {interval: 5}).toEqual([shares, shares]);
};
const untilAsked = ({bus}: Stage): Promise<void> => untilMessages(bus, "dvt.v2.exit_requests.>", 1);

/** `dvt operator request --deposits` on the bus, which checks the answers. */
const requestAll = async (stage: Stage, deposit: Deposit = aDeposit()) =>
  requestExits({
    bus: await stage.busOf("operator-op-1"),
    network: networks.hoodi,
    operatorId: "op-1",
    oracles: stage.relayer.oracles,
    aggregatorNkey: stage.participants.aggregator.nkey,
    validators: stage.dealt.map(({publicKeyHex: publicKey}, of) => ({publicKey, validatorIndex: 1000 + of, deposit})),
    timeoutMs: 20_000,
    resendAfterMs: 10_000,
    signal: new AbortController().signal,
    logger: silent,
  });

/** Polls until it has signed for both validators; returns what was listed first. */
async function signAll(url: string, stage: Stage, shareIndex: number): Promise<ListedDeposit | undefined> {
  const signed = new Map<string, ListedDeposit>();
  while (signed.size < 2) {
    const {listed, answer} = await pollAsSidecarV2(url, stage, shareIndex);
    if (answer?.status === 200) for (const it of listed) signed.set(it.public_key, it);
  }
  return [...signed.values()][0];
}

describe("a sidecar of version 2", () => {
  it("learns of an exit with its deposit as soon as they are asked for, and signs both beside sidecars on the bus", async () => {
    const stage = await createStage();
    await startCentre(stage);
    const {url, stop} = await startTestGateway(stage, {shareIndexes: [3, 4]});
    const deposit = aDeposit({validator_type: "0x02", amount: 2_048_000_000_000});
    const overHttp = [3, 4].map((shareIndex) => signAll(url, stage, shareIndex));
    const folder = await temporaryFolder();
    // The second one allows no vault, so that both that speak HTTP are needed.
    await startTestSidecar(stage, join(folder, "1"), {shareIndex: 1, depositRules: {allowedVaults: new Set([aVault])}});
    await startTestSidecar(stage, join(folder, "2"), {shareIndex: 2});
    const {completed} = await requestAll(stage, deposit);
    expect(completed.map(({deposit: signed}) => signed)).toMatchObject([deposit, deposit]);
    for (const listed of await Promise.all(overHttp)) expect(listed).toMatchObject({...deposit, is_signatures_ready: false});

    const polling = send(`${url}/validators`);
    await send(`${url}/info`);
    await stop();
    expect(await polling).toMatchObject({status: 200, body: {validators: []}});
  });

  it("posts only new shares, and publishes none twice, even after a restart of the gateway", async () => {
    const stage = await createStage();
    await startCentre(stage);
    const first = await startTestGateway(stage);
    const published = countShares(stage.bus);
    const asked = untilAsked(stage);
    const operator = requestAll(stage);
    await asked;
    const {listed, answer} = await pollAsSidecarV2(first.url, stage, 1, {sendsPublicKeyShares: false});
    expect([listed.length, answer?.status]).toEqual([2, 200]);
    const shares = listed.map((it) => signaturesFor(stage, it, 1));
    expect(await post(`${first.url}/signatures`, {share_index: 1, shares})).toMatchObject({status: 200});
    await untilHeld(stage, 2);
    await first.stop();

    const second = await startTestGateway(stage);
    const again = await pollAsSidecarV2(second.url, stage, 1);
    expect(again.listed.map((it) => it.share_indexes_ready)).toEqual([[1], [1]]);
    expect(again.answer).toBeUndefined();
    expect(await post(`${second.url}/signatures`, {share_index: 1, shares})).toMatchObject({status: 200});
    expect(await published()).toMatchObject({shares: 4});
    for (const shareIndex of [2, 3]) await pollAsSidecarV2(second.url, stage, shareIndex);
    expect((await operator).completed.map(({deposit}) => deposit)).toMatchObject([aDeposit(), aDeposit()]);
  });
});

const credentials: Credentials = {
  tokens: ["c1", "c2"].map((clusterId) => ({
    sha256: createHash("sha256").update(clusterId).digest(),
    caller: {as: "sidecar", clusterId, shareIndex: 1},
  })),
  jwtSecrets: [],
};

it("lists the validators of its cluster that need one or both signatures, and the indexes that gave them", async () => {
  const stage = await createStage();
  const {exits, deposits, requests, oracleSet} = stage;
  const {url} = await startTestGateway(stage, {credentials});
  const list = async (clusterId = "c1") => {
    const {body} = await send(`${url}/validators`, {authorization: `Bearer ${clusterId}`});
    return body["validators"] as ListedDeposit[];
  };
  await ask(stage, {count: 2});
  await ask(stage, {deposit: aDeposit()});
  const [{publicKeyHex: ofOthers}] = stage.closedDealt as [Dealt];
  await ask({...stage, dealt: stage.closedDealt}, {operatorId: "op-2", clusterId: "c2", deposit: aDeposit()});
  const shares = (...indexes: number[]) => new Map(indexes.map((index) => [index, new Uint8Array(96)]));
  const [exit, id] = [exitOf(stage, 0), depositIdOf(stage)];
  await exits.write([{exit, clusterId: "c1", shares: shares(1, 2)}], oracleSet.configHash, Date.now());
  await deposits.write([{id, clusterId: "c1", shares: shares(2, 3)}], Date.now());

  const openedAt = (await requests.find(exit))?.openedAt ?? 0;
  expect(await list()).toEqual([
    {
      public_key: keyOf(stage, 0),
      ...aDeposit(),
      validator_index: 1000,
      share_indexes_ready: [2],
      is_signatures_ready: false,
      ...toCreatedAt(openedAt),
    },
  ]);
  expect((await list("c2")).map(({public_key}) => public_key)).toEqual([ofOthers]);

  await exits.write([{exit, clusterId: "c1", result: aResult}], oracleSet.configHash, Date.now());
  await ask(stage, {count: 2, deposit: aDeposit()});
  await deposits.write([{id: depositIdOf(stage, {of: 1}), clusterId: "c1", signature: `0x${"ab".repeat(96)}`}], Date.now());
  const readyOf = new Map((await list()).map((it) => [it.public_key, it.share_indexes_ready]));
  expect([0, 1].map((of) => readyOf.get(keyOf(stage, of)))).toEqual([[2, 3], []]);
  const {body} = await send(`${url}/exits`, {authorization: "Bearer c1"});
  const areReady = (body["exits"] as {public_key: string; is_exit_signature_ready: boolean}[]).map(
    (it) => [it.public_key, it.is_exit_signature_ready] as const,
  );
  expect(new Map(areReady)).toEqual(new Map([0, 1].map((of) => [keyOf(stage, of), of === 0])));

  await requests.markDepositExpired(exit, stage.oracleSet.configHash, (await requests.find(exit))?.deposit as AskedDeposit);
  expect((await list()).map(({public_key}) => public_key)).toEqual([keyOf(stage, 1)]);
});

it("shows no deposit that the gateway's rules do not allow, and takes no share of one", async () => {
  const stage = await createStage();
  await ask(stage, {deposit: aDeposit()});
  let warn = (_: object): void => {};
  const warned = new Promise<object>((resolve) => {
    warn = resolve;
  });
  const published = countShares(stage.bus);
  const {url} = await startTestGateway(stage, {allowedVaults: [], onWarning: (fields) => warn(fields)});
  const impatience = new AbortController();
  const asking = fetch(`${url}/validators`, {signal: impatience.signal});
  expect(await warned).toMatchObject({code: "VAULT_NOT_ALLOWED"});
  impatience.abort();
  await expect(asking).rejects.toThrow();

  const listed = {public_key: keyOf(stage, 0), ...aDeposit(), validator_index: 1000} as ListedDeposit;
  const shares = [signaturesFor(stage, listed, 4)];
  expect((await post(`${url}/signatures`, {share_index: 4, shares})).body).toMatchObject({
    shares: [{signature: "deposit", code: "EXIT_UNKNOWN"}],
  });
  expect(await published()).toMatchObject({shares: 1});
});

describe("a share of an exit and of its deposit", () => {
  it("is taken by halves: the good signature of each validator, although the other one is bad", async () => {
    const stage = await createStage();
    await ask(stage, {count: 2, deposit: aDeposit()});
    const published = countShares(stage.bus);
    const {url} = await startTestGateway(stage);
    const good = [0, 1].map((of) => signaturesFor(stage, listedOf(stage, of), 1));
    const {deposit_signature} = signaturesFor(stage, listedOf(stage, 0, aDeposit({amount: 1})), 1);
    const bad = [
      {...good[0], deposit_signature},
      {...good[1], exit_signature: "0xzz"},
    ];
    const code = "SHARE_SIGNATURE_INVALID";
    const answer = await post(`${url}/signatures`, {share_index: 1, shares: bad, unknown_field: 1});
    expect(answer).toMatchObject({status: 422, body: {code: "SHARES_REFUSED"}});
    expect(answer.body["shares"]).toEqual([
      {public_key: keyOf(stage, 0), signature: "deposit", code},
      {public_key: keyOf(stage, 1), signature: "exit", code},
    ]);
    expect(answer.reason).toBe(`2 of 2 shares are refused: ${keyOf(stage, 0)} ${code} (deposit)`);
    expect(await published()).toMatchObject({shares: 2});
    const messages = ["exit", "deposit"].map((of) => lastMessage(stage.bus, "EXIT_SHARES", `dvt.v2.${of}_shares.hoodi.c1.1`));
    expect(await Promise.all(messages)).toMatchObject([{exits: [{public_key: keyOf(stage, 0)}]}, aDepositShare(stage, {of: 1})]);

    for (const shares of [good, bad]) {
      expect(await post(`${url}/signatures`, {share_index: 1, shares})).toMatchObject({status: 200, body: {}});
      expect(await published()).toMatchObject({shares: 4});
    }
  });

  it("is refused for what is wrong with it", async () => {
    const stage = await createStage();
    await ask(stage, {deposit: aDeposit()});
    const published = countShares(stage.bus);
    const {url} = await startTestGateway(stage);
    const good = signaturesFor(stage, listedOf(stage, 0), 1);
    const rows = [
      {
        id: "with forged keys that fit the validator's",
        share: {public_key_shares: forged(stage)},
        code: "PUBLIC_KEY_SHARES_DIFFER",
      },
      {
        id: "with a key of a node that does not exist",
        share: {public_key_shares: [{share_index: 9, public_key_share: "0x"}]},
        code: "PUBLIC_KEY_SHARES_DIFFER",
      },
      {id: "of nobody's validator", share: {public_key: `0x${"ab".repeat(48)}`}, code: "VALIDATOR_UNKNOWN"},
      {id: "of a node that does not exist", share_index: 9, share: {}, code: "SHARE_INDEX_UNKNOWN"},
    ];
    for (const {id, share_index = 1, share, code} of rows) {
      const {status, body} = await post(`${url}/signatures`, {share_index, shares: [{...good, ...share}]});
      expect([status, body["shares"]], id).toEqual([422, [{public_key: {...good, ...share}.public_key, code}]]);
    }
    const notAsked = await post(`${url}/signatures`, {share_index: 1, shares: [signaturesFor(stage, listedOf(stage, 1), 1)]});
    expect(notAsked.body["shares"]).toMatchObject([
      {signature: "exit", code: "EXIT_UNKNOWN"},
      {signature: "deposit", code: "EXIT_UNKNOWN"},
    ]);
    expect(await post(`${url}/signatures`, {share_index: 0, shares: [good]})).toMatchObject({status: 400});
    expect(await published()).toMatchObject({shares: 0});

    const {public_key_shares: [own] = []} = good;
    const upperCase = [{share_index: 1, public_key_share: own?.public_key_share.toUpperCase().replace("X", "x")}];
    const taken = await post(`${url}/signatures`, {share_index: 1, shares: [{...good, public_key_shares: upperCase}]});
    expect([taken.status, await published()]).toMatchObject([200, {shares: 2}]);
  });
});

/** Public key shares of another polynomial through the validator's key, as somebody makes them who knows all but the secret. */
function forged({dealt: [first]}: Stage) {
  const {publicKey, publicKeyShares} = (first as Dealt).validator;
  const slope = dealValidator(4, 3).secretKey.toPublicKey();
  const others = new Map([...publicKeyShares].map(([index, key]) => [index, addPublicKeys(key, ...Array(index).fill(slope))]));
  expect(areOfDegree(new Map([[0, publicKey], ...others]), 2)).toBe(true);
  return [...others].map(([share_index, key]) => ({share_index, public_key_share: toHex(key.toBytes())}));
}

it("answers 503 while MongoDB is unavailable, and never 200", async () => {
  const stage = await createStage();
  await ask(stage, {deposit: aDeposit()});
  const store = await connectStore(stage.mongoUrl, silent);
  await store.close();
  const gateway = await startTestGateway({...stage, requests: createRequests(store.db, {logger: silent, mayAsk: () => true})});
  const shares = [signaturesFor(stage, listedOf(stage, 0), 1)];
  const answers = [await send(`${gateway.url}/validators`), await post(`${gateway.url}/signatures`, {share_index: 1, shares})];
  for (const {status, reason} of answers) expect([status, reason]).toEqual([503, expect.stringContaining("STORE_UNAVAILABLE")]);
});
