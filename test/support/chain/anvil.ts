import {createRequire} from "node:module";
import {dirname, join} from "node:path";
import {startChild} from "../../../src/sandbox/childProcess.js";

/** A chain on this machine. Each transaction is a block of its own, and final when two more have come. */
export type Anvil = {
  readonly url: string;
  rpc<T = unknown>(method: string, ...params: unknown[]): Promise<T>;
  stop(): Promise<void>;
};

const architectures: Partial<Record<NodeJS.Architecture, string>> = {x64: "amd64", arm64: "arm64"};

/** The package of each platform carries the binary; its wrapper would not pass a signal on. */
function anvilBinary(): string {
  const name = `@foundry-rs/anvil-${process.platform}-${architectures[process.arch]}`;
  const folder = dirname(
    createRequire(createRequire(import.meta.url).resolve("@foundry-rs/anvil/package.json")).resolve(`${name}/package.json`),
  );
  return join(folder, "bin", process.platform === "win32" ? "anvil.exe" : "anvil");
}

export async function startAnvil({chainId}: {chainId: number}): Promise<Anvil> {
  const args = [
    "--host",
    "127.0.0.1",
    "--port",
    "0",
    "--accounts",
    "1",
    "--chain-id",
    String(chainId),
    "--slots-in-an-epoch",
    "1",
  ];
  const child = startChild(anvilBinary(), args, {name: "anvil"});
  const [, port] = await child.line(/Listening on 127\.0\.0\.1:(\d+)/);
  const url = `http://127.0.0.1:${port}`;
  return {url, rpc: (method, ...params) => callRpc(url, method, params), stop: child.stop};
}

async function callRpc<T>(url: string, method: string, params: readonly unknown[]): Promise<T> {
  const body = JSON.stringify({jsonrpc: "2.0", id: 1, method, params});
  const response = await fetch(url, {method: "POST", headers: {"content-type": "application/json"}, body});
  const {result, error} = (await response.json()) as {result: T; error?: {message: string}};
  if (error) throw new Error(`${method}: ${error.message}`);
  return result;
}

/** So that everything that was sent is final. */
export const finalize = (anvil: Anvil): Promise<unknown> => anvil.rpc("anvil_mine", "0x2");
