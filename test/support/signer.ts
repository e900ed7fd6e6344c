import {readFileSync} from "node:fs";
import {createServer, type IncomingMessage, type RequestListener, type ServerResponse} from "node:http";
import {createServer as createTlsServer} from "node:https";
import type {AddressInfo} from "node:net";
import {text} from "node:stream/consumers";
import {onTestFinished} from "vitest";
import type {SecretKey} from "../../src/bls/curve.js";
import {fromHex, toHex} from "../../src/runtime/hex.js";
import {fixture} from "./files.js";

export type Asked = {method: string; path: string; headers: IncomingMessage["headers"]; body: string};
export type Say = (response: ServerResponse, asked: Asked) => void;

export const saying =
  (status: number, body: string, contentType = "text/plain"): Say =>
  (response) =>
    void response.writeHead(status, {"content-type": contentType}).end(body);
export const sayingJson = (status: number, body: unknown): Say => saying(status, JSON.stringify(body), "application/json");

/** A certificate or key of test/fixtures/tls. */
export const pem = (name: string): string => readFileSync(fixture("tls", name), "utf8");

type Options = {
  keys?: readonly SecretKey[];
  /** What is said in place of a signature, of the key list, and of being well. */
  sign?: Say;
  list?: Say;
  upcheck?: Say;
  tls?: "server" | "mutual";
};

/** A signer on this machine that behaves as Web3Signer does, but for what it is told to say instead. */
export async function aSigner({keys = [], sign, list, upcheck = saying(200, "OK"), tls}: Options = {}) {
  const byPublicKey = new Map(keys.map((key) => [toHex(key.toPublicKey().toBytes()), key]));
  const signs: Say = (response, {path, body}) => {
    const key = byPublicKey.get(/0x[0-9a-f]{96}/.exec(path)?.[0] ?? "");
    if (!key) return saying(404, "Public Key not found")(response, {} as Asked);
    const {signingRoot} = JSON.parse(body) as {signingRoot: string};
    sayingJson(200, {signature: toHex(key.sign(fromHex(signingRoot)).toBytes())})(response, {} as Asked);
  };
  const asked: Asked[] = [];
  const listener: RequestListener = async (request, response) => {
    const {method = "", url: path = "", headers} = request;
    const one = {method, path, headers, body: await text(request)};
    asked.push(one);
    if (path.includes("/api/v1/eth2/sign/")) (sign ?? signs)(response, one);
    else if (path.includes("/api/v1/eth2/publicKeys")) (list ?? sayingJson(200, [...byPublicKey.keys()]))(response, one);
    else if (path.includes("/upcheck")) upcheck(response, one);
    else saying(404, "")(response, one);
  };
  const identity = {cert: pem("server.pem"), key: pem("test-only-server.key")};
  const asksForCertificate = tls === "mutual" && {ca: pem("authority.pem"), requestCert: true, rejectUnauthorized: true};
  const server = tls ? createTlsServer({...identity, ...asksForCertificate}, listener) : createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const {port} = server.address() as AddressInfo;
  return {url: `${tls ? "https" : "http"}://127.0.0.1:${port}`, port, asked, paths: () => asked.map(({path}) => path)};
}
