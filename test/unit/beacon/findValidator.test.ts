import {createServer, type IncomingMessage, type ServerResponse} from "node:http";
import type {AddressInfo} from "node:net";
import {describe, expect, it, onTestFinished} from "vitest";
import {connectBeacon} from "../../../src/beacon/connectBeacon.js";
import {createValidatorFinder} from "../../../src/beacon/findValidator.js";
import {networks} from "../../../src/consensus/networks.js";
import {toHex} from "../../../src/runtime/hex.js";
import {aLogger} from "../support/logger.js";

const key = `0x${"aa".repeat(48)}`;
const validator = {index: "7", balance: "0", status: "active_ongoing", validator: {pubkey: key, slashed: false}};
const found = {publicKey: key, index: "7", status: "active_ongoing"};
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
    const say = request.url?.includes("/eth/v1/beacon/genesis") ? genesisAnswer : answer;
    say(response, request);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const {port} = server.address() as AddressInfo;
  return {port, requests, paths: () => requests.map(({url}) => url)};
}
function connect(endpoints: string, timeoutMs = 2000) {
  const {logger, logged} = aLogger();
  const beacon = connectBeacon(endpoints, {network: networks.hoodi, signal: new AbortController().signal, logger, timeoutMs});
  return {...createValidatorFinder(beacon), logged};
}
const nodeOf = (port: number, {path = "", login = "", timeoutMs = 2000} = {}) =>
  connect(`http://${login}127.0.0.1:${port}${path}`, timeoutMs);

describe("findValidator", () => {
  it("asks by key and by index, at the head, and for the network once", async () => {
    const server = await aServer(json(200, {data: validator, finalized: false, execution_optimistic: false}));
    const node = nodeOf(server.port);
    expect([await node.findValidator(key), await node.findValidator("7")]).toEqual([found, found]);
    const validators = "/eth/v1/beacon/states/head/validators";
    expect(server.paths()).toEqual(["/eth/v1/beacon/genesis", `${validators}/${key}`, `${validators}/7`]);
  });

  it("keeps the endpoint's path, query and login", async () => {
    const server = await aServer(json(200, {data: validator}));
    await nodeOf(server.port, {path: "/key/abc/?token=xyz", login: "user:p%40ss@"}).findValidator("7");
    expect(server.paths()).toContain("/key/abc/eth/v1/beacon/states/head/validators/7?token=xyz");
    const expected = `Basic ${Buffer.from("user:p@ss").toString("base64")}`;
    expect(server.requests.map(({headers}) => headers.authorization)).toEqual([expected, expected]);
  });

  it("finds nothing where the node says 404", async () => {
    const server = await aServer(json(404, {code: 404, message: "Validator not found"}));
    expect(await nodeOf(server.port).findValidator(key)).toBeUndefined();
  });

  it.each<{id: string; answer: Answer}>([
    {id: "500", answer: json(500, {code: 500, message: "no state"})},
    {id: "503, syncing", answer: json(503, {code: 503, message: "syncing"})},
    {id: "400", answer: json(400, {code: 400, message: "bad id"})},
    {id: "a login page", answer: text(200, "<html></html>")},
    {id: "a 404 that is no beacon node's", answer: text(404, "<html>not found</html>")},
    {id: "a 404 with another program's JSON", answer: json(404, {error: "no such route"})},
    {id: "nothing", answer: text(200, "")},
    {id: "null", answer: json(200, null)},
    {id: "no validator", answer: json(200, {data: {}})},
    {id: "a list", answer: json(200, {data: [validator]})},
    {id: "another key", answer: json(200, {data: {...validator, validator: {pubkey: `0x${"bb".repeat(48)}`}}})},
    {id: "an index that is no number", answer: json(200, {data: {...validator, index: "7; drop"}})},
    {id: "a status with a newline", answer: json(200, {data: {...validator, status: "pending\nactive"}})},
    {id: "a megabyte", answer: text(200, `"${"x".repeat(1_000_000)}"`)},
    {id: "a redirect", answer: (response) => void response.writeHead(302, {location: "http://127.0.0.1:1/"}).end()},
    {
      id: "half an answer",
      answer: (response) => void response.writeHead(200, {"content-length": 100}).write("{", () => response.destroy()),
    },
  ])("does not take $id for an answer", async ({answer}) => {
    const server = await aServer(answer);
    await expect(nodeOf(server.port).findValidator(key)).rejects.toMatchObject({code: "CONSENSUS_UNAVAILABLE"});
  });

  it.each<{id: string; answer: Answer}>([
    {id: "says nothing", answer: () => {}},
    {id: "stops in the middle", answer: (response) => void response.writeHead(200).write("{")},
  ])("does not wait for a node that $id", async ({answer}) => {
    const server = await aServer(answer);
    await expect(nodeOf(server.port, {timeoutMs: 100}).findValidator(key)).rejects.toMatchObject({code: "CONSENSUS_UNAVAILABLE"});
  });

  it("says CONSENSUS_UNAVAILABLE where nobody listens, without the endpoint's secrets", async () => {
    const error: Error = await nodeOf(1, {path: "/secret", login: "user:pass@"})
      .findValidator(key)
      .catch((it) => it);
    expect(error).toMatchObject({code: "CONSENSUS_UNAVAILABLE"});
    expect(error.message).not.toMatch(/secret|user|pass/);
  });

  it("does not believe a node of another network, which knows nobody, until it is of ours", async () => {
    let root = toHex(networks.mainnet.genesisValidatorsRoot);
    const server = await aServer(json(404, {code: 404, message: "Validator not found"}), (response) =>
      response.end(JSON.stringify({data: {genesis_validators_root: root}})),
    );
    const node = nodeOf(server.port);
    await expect(node.findValidator(key)).rejects.toMatchObject({code: "CONSENSUS_CHAIN_MISMATCH"});
    root = genesis.genesis_validators_root;
    expect(await node.findValidator(key)).toBeUndefined();
  });

  it("asks another node where one does not answer, and stays with it, without a word of its keys", async () => {
    const [first, second] = [await aServer(json(503, {message: "syncing"})), await aServer(json(200, {data: validator}))];
    const node = connect(`http://user:canary@127.0.0.1:${first.port}/canary, http://127.0.0.1:${second.port}`);
    expect([await node.findValidator(key), await node.findValidator("7")]).toEqual([found, found]);
    expect([first.requests.length, second.requests.length]).toEqual([2, 3]);
    expect(node.logged).toEqual([expect.objectContaining({endpoint: `127.0.0.1:${first.port}`, code: "CONSENSUS_UNAVAILABLE"})]);
    expect(JSON.stringify(node.logged)).not.toContain("canary");
  });

  it.each(["localhost:5052", "file:///etc/passwd", "http://", "not a URL", "http://127.0.0.1:1,"])(
    "refuses %s as its endpoint",
    (endpoint) => {
      expect(() => connect(endpoint)).toThrow(expect.objectContaining({code: "CONFIG_INVALID"}));
    },
  );
});
