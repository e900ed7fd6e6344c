import {execFile} from "node:child_process";
import {existsSync} from "node:fs";
import {join} from "node:path";
import {promisify} from "node:util";
import {DvtError} from "../../errors.js";
import {projectRoot} from "../../runtime/projectRoot.js";
import {type Child, startChild} from "../childProcess.js";

/** A chain on this machine. Each transaction is a block of its own, and final when two more have come. */
export type Anvil = {
  readonly url: string;
  rpc<T = unknown>(method: string, ...params: unknown[]): Promise<T>;
  /** Resolves when it has ended, by itself or not. */
  readonly ended: Child["ended"];
  output(): string;
  stop(): Promise<void>;
};

const architectures: Partial<Record<NodeJS.Architecture, string>> = {x64: "amd64", arm64: "arm64"};

/** A checkout's, in the package of each platform, whose wrapper would not pass a signal on; else one on the PATH. SERVERS_MISSING. */
async function findAnvil(): Promise<string> {
  const name = `anvil-${process.platform}-${architectures[process.arch]}`;
  const own = join(projectRoot, "node_modules/@foundry-rs", name, "bin", process.platform === "win32" ? "anvil.exe" : "anvil");
  if (existsSync(own)) return own;
  return promisify(execFile)("anvil", ["--version"]).then(
    () => "anvil",
    (cause: unknown) => {
      throw new DvtError("SERVERS_MISSING", `find anvil, which plays the chain: there is none. Do one of these:\n${ways}`, {
        cause,
      });
    },
  );
}

const ways = [
  "install Foundry (https://getfoundry.sh), so that anvil is on the PATH",
  "in a checkout of dvt-exits, where npm installs anvil with everything else: npm run demo -- --register",
]
  .map((way) => `- ${way}`)
  .join("\n");

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
  const child = startChild(await findAnvil(), args, {name: "anvil"});
  const [, port] = await child.line(/Listening on 127\.0\.0\.1:(\d+)/);
  const url = `http://127.0.0.1:${port}`;
  const {ended, output, stop} = child;
  return {url, rpc: (method, ...params) => callRpc(url, method, params), ended, output, stop};
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
