import {spawn} from "node:child_process";
import {once} from "node:events";
import {copyFileSync, existsSync, mkdirSync} from "node:fs";
import {createServer} from "node:http";
import {type AddressInfo, createServer as createTcpServer} from "node:net";
import {join} from "node:path";
import {text} from "node:stream/consumers";
import {expect, it, onTestFinished} from "vitest";
import {projectRoot} from "../../src/runtime/projectRoot.js";
import {useFolder} from "../support/files.js";

const folder = useFolder();

/** A checkout's setup with this registry and an empty cache. */
async function setUp(registry: string) {
  const checkout = folder.fresh();
  mkdirSync(join(checkout, "scripts"), {recursive: true});
  for (const file of ["scripts/setup.mjs", "package.json", "package-lock.json"])
    copyFileSync(join(projectRoot, file), join(checkout, file));
  const {PATH = "", HOME = ""} = process.env;
  const env = {
    PATH,
    HOME,
    npm_config_registry: registry,
    npm_config_cache: join(checkout, "cache"),
    // As `npm run -s` sets it.
    npm_config_loglevel: "silent",
  };
  const child = spawn(process.execPath, [join(checkout, "scripts/setup.mjs")], {env, stdio: ["ignore", "pipe", "pipe"]});
  onTestFinished(() => void child.kill());
  const [told, [code]] = await Promise.all([text(child.stderr), once(child, "close")]);
  return {told, code, isInstalled: existsSync(join(checkout, "node_modules/.setup"))};
}

it("says what to do within seconds if the npm registry cannot be reached", async () => {
  const server = createTcpServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const {port} = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  const {told, code, isInstalled} = await setUp(`http://127.0.0.1:${port}/`);
  expect(told).toMatch(/npm registry does not answer \(ECONNREFUSED\).*npm config set registry/s);
  expect([code, isInstalled]).toEqual([1, false]);
});

it("takes any answer of a mirror for one, and shows what npm says of it", async () => {
  const server = createServer((_, response) => response.writeHead(404).end("{}")).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const {told, code} = await setUp(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  expect(told).toMatch(/E404.*npm ci failed/s);
  expect(told).not.toContain("does not answer");
  expect(code).toBe(1);
});
