import {once} from "node:events";
import {type IncomingMessage, request} from "node:http";
import {describe, expect, it, onTestFinished} from "vitest";
import type {ExitBatch} from "../../../schemas/exitBatch.js";
import {networks} from "../../../src/consensus/networks.js";
import {ask, createStage, type Dealt, lastMessage, messagesIn, type Stage, startStageNats} from "../../support/stage.js";
import {post, send, startTestGateway} from "../../support/testGateway.js";

const keysOf = ({dealt}: Stage): string[] => dealt.map(({publicKeyHex}) => publicKeyHex);
const idOf = (stage: Stage) => ({network: networks.hoodi, publicKey: keysOf(stage)[0] as string, validatorIndex: 1000});
const lastBatch = async ({bus}: Stage, operatorId = "op-1"): Promise<ExitBatch> =>
  (await lastMessage(bus, "REQUESTS", `dvt.v2.requests.hoodi.${operatorId}`)) as ExitBatch;

describe("POST /validators", () => {
  it("asks as the operator, each key at its index, and not again on the next poll", async () => {
    const stage = await createStage();
    const {url} = await startTestGateway(stage, {nextValidatorIndex: 500});
    const public_keys = keysOf(stage).map((key) => `0x${key.slice(2).toUpperCase()}`);
    await post(`${url}/validators`, {public_keys});
    expect((await post(`${url}/validators`, {public_keys})).status).toBe(200);
    const validators = keysOf(stage).map((public_key, i) => ({public_key, validator_index: 500 + i}));
    expect(await lastBatch(stage)).toMatchObject({operator_id: "op-1", validators});
    expect(await messagesIn(stage.bus, "REQUESTS")).toBe(1);
  });

  it("asks for a new exit when the index has changed or the exit has expired", async () => {
    const stage = await createStage();
    await ask(stage, {count: 2});
    await stage.requests.markExpired({...idOf(stage), publicKey: keysOf(stage)[1] as string, validatorIndex: 1001});
    const same = await startTestGateway(stage);
    await post(`${same.url}/validators`, {public_keys: keysOf(stage)});
    expect((await lastBatch(stage)).validators).toEqual([{public_key: keysOf(stage)[1], validator_index: 1001}]);
    const moved = await startTestGateway(stage, {nextValidatorIndex: 1001});
    await post(`${moved.url}/validators`, {public_keys: keysOf(stage)});
    expect((await lastBatch(stage)).validators.map((it) => it.validator_index)).toEqual([1001, 1002]);
  });

  it("refuses unknown keys, keys of others and keys that appear twice, and asks for none", async () => {
    const stage = await createStage();
    const {url} = await startTestGateway(stage);
    const [first = ""] = keysOf(stage);
    const [{publicKeyHex: others}] = stage.closedDealt as [Dealt];
    const nobodys = `0x${"ab".repeat(48)}`;
    const unknown = await post(`${url}/validators`, {public_keys: [first, nobodys]});
    expect(unknown).toMatchObject({status: 422, body: {code: "VALIDATORS_REFUSED", unknown: [nobodys]}});
    const twice = await post(`${url}/validators`, {public_keys: [first, first]});
    expect(twice).toMatchObject({status: 422, body: {repeated: [first]}});
    expect((await post(`${url}/validators`, {public_keys: [others]})).status).toBe(403);
    expect(await messagesIn(stage.bus, "REQUESTS")).toBe(0);
  });

  it("serves no result that the aggregator did not make", async () => {
    const stage = await createStage();
    await ask(stage);
    const result = {
      public_keys: Array(5).fill(keysOf(stage)[0]),
      encrypted_exit_signatures: Array(5).fill(`0x${"bb".repeat(193)}`),
      aggregator_signature: `${"A".repeat(86)}==`,
    };
    await stage.exits.write([{exit: idOf(stage), clusterId: "c1", result}], stage.oracleSet.configHash, Date.now());
    const {url} = await startTestGateway(stage);
    const {body} = await post(`${url}/validators`, {public_keys: [keysOf(stage)[0]]});
    expect(body).toMatchObject({ready: false, validators: [{oracles_exit_signature_shares: null}]});
  });
});

it("lists the exits that were asked for, as StakeWise's relayer does", async () => {
  const stage = await createStage();
  await ask(stage);
  const shares = new Map([1, 3].map((index) => [index, new Uint8Array(200)]));
  await stage.exits.write([{exit: idOf(stage), clusterId: "c1", shares}], stage.oracleSet.configHash, Date.now());
  const {url} = await startTestGateway(stage);
  const {body} = await send(`${url}/exits`);
  const openedAt = (await stage.requests.find(idOf(stage)))?.openedAt ?? 0;
  expect(body).toEqual({
    exits: [
      {
        public_key: keysOf(stage)[0],
        validator_index: 1000,
        is_exit_signature_ready: false,
        created_at_timestamp: Math.floor(openedAt / 1000),
        created_at_string: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\+0000$/),
        share_indexes_ready: [1, 3],
      },
    ],
  });
});

describe("the server", () => {
  it("answers what it cannot serve with a problem, the reason in the status line", async () => {
    const stage = await createStage();
    const {url} = await startTestGateway(stage);
    const plain = {method: "POST", headers: {"content-type": "text/plain"}, body: "{}"};
    const json = (body: string) => ({method: "POST", headers: {"content-type": "application/json"}, body});
    const rows = [
      {status: 404, code: "NOT_FOUND", response: await fetch(`${url}/nowhere`)},
      {status: 415, code: "MEDIA_TYPE_UNSUPPORTED", response: await fetch(`${url}/validators`, plain)},
      {status: 400, code: "REQUEST_MALFORMED", response: await fetch(`${url}/validators`, json("{"))},
      {status: 400, code: "REQUEST_MALFORMED", response: await fetch(`${url}/validators`, json('{"public_keys": []}'))},
      {status: 400, code: "REQUEST_MALFORMED", response: await fetch(`${url}/%zz`)},
    ];
    for (const {status, code, response} of rows) {
      const problem = (await response.json()) as {detail: string};
      expect(problem).toMatchObject({type: "about:blank", status, code, request_id: expect.stringMatching(/^[0-9a-f-]{36}$/)});
      expect(response.headers.get("content-type")).toContain("application/problem+json");
      expect([response.status, response.statusText]).toEqual([status, problem.detail]);
    }
  });

  it("accepts at most 16 MiB", async () => {
    const stage = await createStage();
    const {url} = await startTestGateway(stage);
    const headers = {"content-type": "application/json", "content-length": 16 * 1024 * 1024 + 1};
    const sent = request(`${url}/exit-signature`, {method: "POST", headers});
    sent.on("error", () => {}).flushHeaders();
    onTestFinished(() => void sent.destroy());
    const [response] = (await once(sent, "response")) as [IncomingMessage];
    expect(response.statusCode).toBe(413);
  });

  it("counts its requests, and reports when it is not ready", async () => {
    const nats = await startStageNats();
    const stage = await createStage({nats});
    const {url} = await startTestGateway(stage);
    await send(`${url}/openapi.json`);
    const {body: metrics} = await send(`${url}/metrics`);
    expect(metrics["text"]).toContain('dvt_gateway_request_seconds_count{method="GET",route="/openapi.json",status="200"} 1');
    expect((await send(`${url}/readyz`)).status).toBe(200);
    const pid = nats.pid();
    process.kill(pid, "SIGSTOP");
    onTestFinished(() => void process.kill(pid, "SIGCONT"));
    // On a busy machine it stops a moment later.
    await expect.poll(() => send(`${url}/readyz`)).toMatchObject({status: 503, body: {code: "UNAVAILABLE"}});
    expect((await send(`${url}/healthz`)).status).toBe(200);
  });
});
