import {describe, expect, it} from "vitest";
import type {ExitShare} from "../../../schemas/exitShare.js";
import {networks} from "../../../src/consensus/networks.js";
import {deliver} from "../../support/deliver.js";
import {aResult} from "../../support/examples/messages.js";
import {ask, createStage, type Dealt, lastMessage, messagesIn, type Stage} from "../../support/stage.js";
import {post, signatureOf, startTestGateway} from "../../support/testGateway.js";

const nthOf = ({dealt}: Stage, of: number): Dealt => dealt[of] as Dealt;
type Shared = {of?: number; signs?: number; shareIndex?: number; index?: number};
const aShare = (stage: Stage, {of = 0, signs, shareIndex = 1, index}: Shared = {}) => ({
  public_key: nthOf(stage, of).publicKeyHex,
  exit_signature: signatureOf(nthOf(stage, signs ?? of), shareIndex, index ?? 1000 + of),
});
const published = ({bus}: Stage): Promise<number> => messagesIn(bus, "EXIT_SHARES");
const idOf = (stage: Stage) => ({network: networks.hoodi, publicKey: nthOf(stage, 0).publicKeyHex, validatorIndex: 1000});
/** Obviously not a signature. */
const garbage = `0x${"00".repeat(96)}`;

describe("a share that is posted", () => {
  it("reaches the aggregator as its sidecar's, encrypted, once", async () => {
    const stage = await createStage();
    await ask(stage);
    const {url} = await startTestGateway(stage);
    const body = {share_index: 1, shares: [aShare(stage)], unknown_field: true};
    expect(await post(`${url}/exit-signature`, body)).toMatchObject({status: 200, body: {}});
    expect(await post(`${url}/exit-signature`, body)).toMatchObject({status: 200, body: {}});
    expect(await published(stage)).toBe(1);
    const share = (await lastMessage(stage.bus, "EXIT_SHARES", "dvt.v2.exit_shares.hoodi.c1.1")) as ExitShare;
    expect(await deliver(stage, share)).toBe("collecting");
  });

  it("is named with 422 when it is bad, and does not block good ones", async () => {
    const stage = await createStage();
    await ask(stage, {count: 2});
    const {url} = await startTestGateway(stage);
    const bad = aShare(stage, {of: 0, signs: 1});
    const good = aShare(stage, {of: 1});
    const answer = await post(`${url}/exit-signature`, {share_index: 1, shares: [bad, good]});
    expect(answer).toMatchObject({
      status: 422,
      body: {code: "SHARES_REFUSED", shares: [{public_key: bad.public_key, code: "SHARE_SIGNATURE_INVALID"}]},
    });
    expect(answer.reason).toBe(answer.body["detail"]);
    expect(answer.reason).toContain(bad.public_key);
    expect(await published(stage)).toBe(1);
    const later = await post(`${url}/exit-signature`, {share_index: 1, shares: [aShare(stage, {of: 0}), good]});
    expect([later.status, await published(stage)]).toEqual([200, 2]);
  });

  it("is refused for what is wrong with it", async () => {
    const stage = await createStage();
    await ask(stage);
    const {url} = await startTestGateway(stage);
    const good = aShare(stage);
    const rows = [
      {id: "another node's", share_index: 2, share: good, code: "SHARE_SIGNATURE_INVALID"},
      {id: "another exit's", share: aShare(stage, {index: 1001}), code: "SHARE_SIGNATURE_INVALID"},
      {id: "not hex", share: {...good, exit_signature: "0xzz"}, code: "SHARE_SIGNATURE_INVALID"},
      {id: "not a point", share: {...good, exit_signature: garbage}, code: "SHARE_SIGNATURE_INVALID"},
      {id: "infinity", share: {...good, exit_signature: `0xc0${"00".repeat(95)}`}, code: "SHARE_SIGNATURE_INVALID"},
      {id: "of nobody's validator", share: {...good, public_key: garbage}, code: "VALIDATOR_UNKNOWN"},
      {id: "of an exit that nobody asks for", share: aShare(stage, {of: 1}), code: "EXIT_UNKNOWN"},
      {id: "of a node that does not exist", share_index: 9, share: good, code: "SHARE_INDEX_UNKNOWN"},
    ];
    for (const {id, share_index = 1, share, code} of rows) {
      const answer = await post(`${url}/exit-signature`, {share_index, shares: [share]});
      expect(answer, id).toMatchObject({status: 422, body: {shares: [{public_key: share.public_key, code}]}});
    }
    const ofNobody = await post(`${url}/exit-signature`, {share_index: 0, shares: [good]});
    expect(ofNobody).toMatchObject({status: 400, body: {code: "REQUEST_MALFORMED"}});
    expect(await published(stage)).toBe(0);
  });

  it("changes nothing when the key has another index by now", async () => {
    const stage = await createStage();
    await ask(stage, {requestedAt: Date.now() - 1000});
    await ask(stage, {validatorIndex: 2000});
    const {url} = await startTestGateway(stage);
    const late = await post(`${url}/exit-signature`, {share_index: 1, shares: [aShare(stage, {index: 1000})]});
    expect([late.status, await published(stage)]).toEqual([422, 0]);
    const current = await post(`${url}/exit-signature`, {share_index: 1, shares: [aShare(stage, {index: 2000})]});
    expect([current.status, await published(stage)]).toEqual([200, 1]);
  });
});

describe("a share that is known", () => {
  const known = {share_index: 1, shares: [] as object[]};

  it("is accepted without a check of its signature when the store holds one of its index", async () => {
    const stage = await createStage();
    await ask(stage);
    const shares = new Map([[1, new Uint8Array(200)]]);
    await stage.exits.write([{exit: idOf(stage), clusterId: "c1", shares}], stage.oracleSet.configHash, Date.now());
    const {url} = await startTestGateway(stage);
    const again = {...aShare(stage), exit_signature: garbage};
    expect(await post(`${url}/exit-signature`, {...known, shares: [again]})).toMatchObject({status: 200});
    expect(await post(`${url}/exit-signature`, {share_index: 2, shares: [again]})).toMatchObject({status: 422});
    expect(await published(stage)).toBe(0);
  });

  it("is accepted when the exit is complete", async () => {
    const stage = await createStage();
    await ask(stage);
    await stage.exits.write([{exit: idOf(stage), clusterId: "c1", result: aResult}], stage.oracleSet.configHash, Date.now());
    const {url} = await startTestGateway(stage);
    const again = {...aShare(stage), exit_signature: garbage};
    expect(await post(`${url}/exit-signature`, {...known, shares: [again]})).toMatchObject({status: 200});
    expect(await published(stage)).toBe(0);
  });
});
