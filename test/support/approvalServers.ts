import {once} from "node:events";
import {createServer, type IncomingMessage, type ServerResponse} from "node:http";
import type {AddressInfo} from "node:net";
import {text} from "node:stream/consumers";
import {privateKeyToAccount} from "viem/accounts";
import {onTestFinished} from "vitest";
import {generatePrivateKey, publicKeyOf} from "../../src/ecies/keys.js";
import {readOraclesConfig} from "../../src/oracles/oracleSet.js";
import {type ProtocolConfig, toProtocolConfig} from "../../src/oracles/protocolConfig.js";
import {toHex} from "../../src/runtime/hex.js";

export type Asked = {readonly method: string; readonly path: string; readonly body: string; readonly headers: object};

/** What an oracle of a test does with a request. */
export type Script = (asked: Asked, response: ServerResponse, request: IncomingMessage) => unknown;

export type TestOracle = {
  readonly publicKey: string;
  /** In lower case. */
  readonly address: string;
  readonly url: string;
  readonly host: string;
  /** Of a second replica, which is in the config if the stage has replicas. */
  readonly otherHost: string;
  readonly asked: readonly Asked[];
  /** Ends when a client has gone away before it was answered. */
  readonly deserted: Promise<void>;
  /** Signs a digest as the oracle. */
  sign(digest: string): Promise<string>;
};

/** An oracle of one key with a server for each script: its replicas. */
export async function startTestOracle(scripts: readonly ((oracle: TestOracle) => Script)[]) {
  const privateKey = generatePrivateKey();
  const account = privateKeyToAccount(toHex(privateKey) as `0x${string}`);
  const asked: Asked[] = [];
  let desert = (): void => {};
  const deserted = new Promise<void>((resolve) => {
    desert = resolve;
  });
  const start = async (position: number): Promise<string> => {
    const server = createServer(async (request, response) => {
      const {method = "", url: path = "", headers} = request;
      response.on("close", () => response.writableFinished || desert());
      const one = {method, path, headers, body: await text(request).catch(() => "")};
      asked.push(one);
      await scripts[position]?.(oracle)(one, response, request);
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    return `127.0.0.1:${(server.address() as AddressInfo).port}`;
  };
  const hosts = await Promise.all(scripts.map((_, position) => start(position)));
  const oracle: TestOracle = {
    publicKey: toHex(publicKeyOf(privateKey)),
    address: account.address.toLowerCase(),
    url: `http://${hosts[0]}`,
    host: hosts[0] ?? "",
    otherHost: hosts[1] ?? "",
    asked,
    deserted,
    sign: (digest) => account.sign({hash: digest as `0x${string}`}),
  };
  return {...oracle, endpoints: hosts.map((host) => `http://user:password@${host}/oracle/?key=1`)};
}

/** The config that names these oracles, read as any other. */
export const configOf = (oracles: readonly {publicKey: string; endpoints: readonly string[]}[], threshold = 2): ProtocolConfig =>
  toProtocolConfig(
    readOraclesConfig(
      {
        oracles: oracles.map(({publicKey, endpoints}) => ({public_key: publicKey, endpoints})),
        exit_signature_recover_threshold: threshold,
        validators_approval_batch_limit: 3,
        validators_exit_rotation_batch_limit: 3,
        signature_validity_period: 600,
      },
      "a config of a test",
    ),
  );

const json = (value: unknown, status = 200): Script => {
  return (_, response) => response.writeHead(status, {"content-type": "application/json"}).end(JSON.stringify(value));
};

/** How an oracle answers that does not do what it should. */
export const scripts = {
  json,
  text: (body: string | Buffer, status = 200): Script => {
    return (_, response) => response.writeHead(status).end(body);
  },
  /** It closes the connection without an answer. */
  hangUp: ((_, response) => response.destroy()) satisfies Script,
  hang: (() => {}) satisfies Script,
  hangAfterHead: ((_, response) => response.writeHead(200).write('{"ipfs_hash":')) satisfies Script,
  redirect: (to: string): Script => {
    return (_, response) => response.writeHead(307, {location: to}).end();
  },
};
