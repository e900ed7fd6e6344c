import {createServer, type IncomingMessage, type ServerResponse} from "node:http";
import type {AddressInfo} from "node:net";
import {describe, expect, it, onTestFinished} from "vitest";
import {connectBeacon} from "../../../src/beacon/connectBeacon.js";
import {createValidatorFinder} from "../../../src/beacon/findValidators.js";
import {networks} from "../../../src/consensus/networks.js";
import {toHex} from "../../../src/runtime/hex.js";
import {credentialsOf} from "../../../src/sandbox/chain/beaconAnswers.js";
import {startBeaconServer} from "../../support/beaconServer.js";
import {aLogger} from "../../support/logger.js";

const key = `0x${"aa".repeat(48)}`;
const credentials = `0x01${"00".repeat(31)}`;
const validatorOf = (index: string, pubkey: string) => ({
  index,
  balance: "32000000000",
  status: "active_ongoing",
  validator: {
    pubkey,
    withdrawal_credentials: credentials,
    slashed: false,
    effective_balance: "31000000000",
    activation_epoch: "18446744073709551615",
  },
});
const first = validatorOf("0", `0x${"00".repeat(48)}`);
const validator = validatorOf("7", key);
const found = [
  {
    publicKey: key,
    index: 7,
    status: "active_ongoing",
    withdrawalCredentials: credentials,
    balance: 32e9,
    effectiveBalance: 31e9,
    activationEpoch: 2 ** 64,
  },
];
const both = {data: [first, validator]};
const genesis = {genesis_time: "0", genesis_validators_root: toHex(networks.hoodi.genesisValidatorsRoot)};

type Answer = (response: ServerResponse, request: IncomingMessage) => void;
const json =
  (status: number, body: unknown): Answer =>
  (response) =>
    void response.writeHead(status, {"content-type": "application/json"}).end(JSON.stringify(body));
const text =
  (status: number, body: string): Answer =>
  (response) =>
    void response.writeHead(status).end(body);

/** A beacon node of the network, with this to say about validators. */
async function aServer(answer: Answer, genesisAnswer: Answer = json(200, {data: genesis})) {
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    const {url = ""} = request;
    if (url.includes("/eth/v1/beacon/genesis")) genesisAnswer(response, request);
    else if (url.includes("/eth/v1/node/syncing")) json(200, {data: {is_syncing: false}})(response, request);
    else answer(response, request);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const {port} = server.address() as AddressInfo;
  return {port, requests, paths: () => requests.map(({url}) => url)};
}
function connect(endpoints: string, timeoutMs = 2000, signal = new AbortController().signal) {
  const {logger, logged} = aLogger();
  const beacon = connectBeacon(endpoints, {network: networks.hoodi, signal, logger, timeoutMs});
  return {...createValidatorFinder(beacon), logged};
}
const nodeOf = (port: number, {path = "", login = "", timeoutMs = 2000} = {}) =>
  connect(`http://${login}127.0.0.1:${port}${path}`, timeoutMs);

describe("findValidators", () => {
  it("asks for keys and indexes in one question, at the head, whether it is synced, and for the network once", async () => {
    const server = await aServer(json(200, both));
    const node = nodeOf(server.port);
    expect([await node.findValidators([key, 8]), await node.findValidators([7])]).toEqual([found, found]);
    const round = ["/eth/v1/node/syncing", "/eth/v1/beacon/states/head/validators"];
    expect(server.paths()).toEqual(["/eth/v1/beacon/genesis", ...round, ...round]);
  });

  it("has status and withdrawal credentials of many, of those who ask at once in one question", async () => {
    const keys = Array.from({length: 1500}, (_, position) => `0x${position.toString(16).padStart(96, "0")}`);
    const [last = ""] = keys.slice(-1);
    const server = await startBeaconServer(networks.hoodi, {
      validators: keys,
      pending: [],
      statuses: {[last]: "withdrawal_done"},
    });
    const node = connect(server.url);
    const stake = {balance: 32e9, effectiveBalance: 32e9, activationEpoch: 0};
    const [some, none, all] = await Promise.all([
      node.findValidators([last, 1]),
      node.findValidators([key, 1500]),
      node.findValidators(keys),
    ]);
    expect(some).toEqual([
      {
        publicKey: keys[1],
        index: 1,
        status: "active_ongoing",
        withdrawalCredentials: credentialsOf(keys[1] as string),
        ...stake,
      },
      {publicKey: last, index: 1499, status: "withdrawal_done", withdrawalCredentials: credentialsOf(last), ...stake},
    ]);
    expect([none, all.map(({publicKey}) => publicKey)]).toEqual([[], keys]);
    expect([server.count("syncing"), server.count("validators")]).toEqual([1, 2]);
  });

  it("keeps the endpoint's path, query and login", async () => {
    const server = await aServer(json(200, both));
    await nodeOf(server.port, {path: "/key/abc/?token=xyz", login: "user:p%40ss@"}).findValidators([7]);
    expect(server.paths()).toContain("/key/abc/eth/v1/beacon/states/head/validators?token=xyz");
    const expected = `Basic ${Buffer.from("user:p@ss").toString("base64")}`;
    expect(new Set(server.requests.map(({headers}) => headers.authorization))).toEqual(new Set([expected]));
  });

  it("finds nothing where the node has others", async () => {
    const server = await aServer(json(200, {data: [first]}));
    expect(await nodeOf(server.port).findValidators([key])).toEqual([]);
  });

  it.each<{id: string; answer: Answer}>([
    {id: "500", answer: json(500, {code: 500, message: "no state"})},
    {id: "nobody at all", answer: json(200, {data: []})},
    {id: "a state that is not verified", answer: json(200, {...both, execution_optimistic: true})},
    {id: "404", answer: json(404, {code: 404, message: "Validator not found"})},
    {id: "405, as one that has no such route", answer: json(405, {code: 405, message: "Method not allowed"})},
    {id: "503, syncing", answer: json(503, {code: 503, message: "syncing"})},
    {id: "400", answer: json(400, {code: 400, message: "bad id"})},
    {id: "a login page", answer: text(200, "<html></html>")},
    {id: "a 404 that is no beacon node's", answer: text(404, "<html>not found</html>")},
    {id: "a 404 with another program's JSON", answer: json(404, {error: "no such route"})},
    {id: "nothing", answer: text(200, "")},
    {id: "null", answer: json(200, null)},
    {id: "no validator", answer: json(200, {data: {}})},
    {id: "a validator alone", answer: json(200, {data: validator})},
    {id: "another key", answer: json(200, {data: [first, validatorOf("8", `0x${"bb".repeat(48)}`)]})},
    {id: "two keys at one index", answer: json(200, {data: [first, validator, validatorOf("0", key)]})},
    {id: "an index that is no number", answer: json(200, {data: [first, {...validator, index: "7; drop"}]})},
    {id: "a balance that is no number", answer: json(200, {data: [first, {...validator, balance: "much"}]})},
    {
      id: "an epoch that is no number",
      answer: json(200, {data: [first, {...validator, validator: {...validator.validator, activation_epoch: "-1"}}]}),
    },
    {id: "a status with a newline", answer: json(200, {data: [first, {...validator, status: "pending\nactive"}]})},
    {id: "three megabytes", answer: text(200, `"${"x".repeat(3_000_000)}"`)},
    {id: "a redirect", answer: (response) => void response.writeHead(302, {location: "http://127.0.0.1:1/"}).end()},
    {
      id: "half an answer",
      answer: (response) => void response.writeHead(200, {"content-length": 100}).write("{", () => response.destroy()),
    },
  ])("does not take $id for an answer", async ({answer}) => {
    const server = await aServer(answer);
    await expect(nodeOf(server.port).findValidators([key])).rejects.toMatchObject({code: "CONSENSUS_UNAVAILABLE"});
  });

  it.each([
    {id: "is syncing", said: {is_syncing: true, sync_distance: "4000"}},
    {id: "has not verified its head", said: {is_syncing: false, is_optimistic: true}},
    {id: "has lost its execution node", said: {is_syncing: false, is_optimistic: false, el_offline: true}},
    {id: "calls itself synced, and is an hour behind", said: {is_syncing: false, sync_distance: "300"}},
  ])("does not trust a node that $id", async ({said}) => {
    const server = await startBeaconServer(networks.hoodi, {validators: [`0x${"00".repeat(48)}`], pending: []});
    server.answerWith((path) => (path === "node/syncing" ? {body: {data: said}} : undefined));
    await expect(connect(server.url).findValidators([key])).rejects.toMatchObject({code: "CONSENSUS_UNAVAILABLE"});
    expect(server.count("validators")).toBe(0);
  });

  it("names what an old node lacks", async () => {
    const server = await aServer(json(405, {code: 405, message: "Method not allowed"}));
    await expect(nodeOf(server.port).findValidators([key])).rejects.toThrow(/405 to beacon\/states\/head\/validators/);
  });

  it("stops at once, without a log line", async () => {
    const server = await aServer(() => stop.abort());
    const stop = new AbortController();
    const node = connect(`http://127.0.0.1:${server.port},http://127.0.0.1:1`, 600_000, stop.signal);
    await expect(node.findValidators([key])).rejects.toThrow();
    expect(node.logged).toEqual([]);
  });

  it.each<{id: string; answer: Answer}>([
    {id: "says nothing", answer: () => {}},
    {id: "stops in the middle", answer: (response) => void response.writeHead(200).write("{")},
  ])("does not wait for a node that $id", async ({answer}) => {
    const server = await aServer(answer);
    await expect(nodeOf(server.port, {timeoutMs: 100}).findValidators([key])).rejects.toMatchObject({
      code: "CONSENSUS_UNAVAILABLE",
    });
  });

  it("throws CONSENSUS_UNAVAILABLE if nobody listens, without the secrets of the endpoint", async () => {
    const error: Error = await nodeOf(1, {path: "/secret", login: "user:pass@"})
      .findValidators([key])
      .catch((it) => it);
    expect(error).toMatchObject({code: "CONSENSUS_UNAVAILABLE"});
    expect(error.message).not.toMatch(/secret|user|pass/);
  });

  it("does not trust a node of another network, which has none of the validators, until it belongs to ours", async () => {
    let root = toHex(networks.mainnet.genesisValidatorsRoot);
    const server = await aServer(json(200, {data: [first]}), (response) =>
      response.end(JSON.stringify({data: {genesis_validators_root: root}})),
    );
    const node = nodeOf(server.port);
    await expect(node.findValidators([key])).rejects.toMatchObject({code: "CONSENSUS_CHAIN_MISMATCH"});
    root = genesis.genesis_validators_root;
    expect(await node.findValidators([key])).toEqual([]);
  });

  it("asks another node where one does not answer, and stays with it, without a word of its keys", async () => {
    const [busy, second] = [await aServer(json(503, {message: "syncing"})), await aServer(json(200, both))];
    const node = connect(`http://user:canary@127.0.0.1:${busy.port}/canary, http://127.0.0.1:${second.port}`);
    expect([await node.findValidators([key]), await node.findValidators([7])]).toEqual([found, found]);
    expect([busy.requests.length, second.requests.length]).toEqual([3, 5]);
    expect(node.logged).toEqual([expect.objectContaining({endpoint: `127.0.0.1:${busy.port}`, code: "CONSENSUS_UNAVAILABLE"})]);
    expect(JSON.stringify(node.logged)).not.toContain("canary");
  });

  it.each(["localhost:5052", "file:///etc/passwd", "http://", "not a URL", "http://127.0.0.1:1,"])(
    "refuses %s as its endpoint",
    (endpoint) => {
      expect(() => connect(endpoint)).toThrow(expect.objectContaining({code: "CONFIG_INVALID"}));
    },
  );
});
