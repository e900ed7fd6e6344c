import {readFile} from "node:fs/promises";
import {join} from "node:path";
import {describe, expect, inject, it, onTestFinished} from "vitest";
import {toAccountsConfig} from "../../../src/messaging/accounts.js";
import {createSeed, toIdentity} from "../../../src/messaging/identity.js";
import {reloadServers} from "../../../src/messaging/reloadServers.js";
import {serverAdmin} from "../../../src/messaging/systemAccount.js";
import type {Participants} from "../../../src/participants/participants.js";
import {writeFileAtomic} from "../../../src/runtime/files.js";
import {startNatsServers} from "../../chaos/natsServers.js";
import {castIn} from "../../support/cast.js";
import {connectTestBus, startTestNats, temporaryFolder} from "../../support/servers.js";
import {applyStreams, loadCast} from "../../support/stage.js";

/** The cast with a server administrator, and the same with one operator more. */
async function aCast() {
  const [admin, operator] = [createSeed(), createSeed()];
  const newSeedFile = join(await temporaryFolder(), "op-new.nkey");
  await writeFileAtomic(newSeedFile, operator.seed);
  const before: Participants = {...(await loadCast()), serverAdmin: {nkey: admin.nkey}};
  const after: Participants = {...before, operators: [...before.operators, {id: "op-new", nkey: operator.nkey}]};
  const {seedFile} = castIn(inject("castFolder"));
  const busOf = (participant: string, url: string) =>
    connectTestBus(participant, {
      url,
      participants: after,
      seedFile: (name) => (name === "operator-op-new" ? newSeedFile : seedFile(name)),
    });
  return {before, after, busOf, identity: toIdentity(serverAdmin, admin.seed)};
}
type Cast = Awaited<ReturnType<typeof aCast>>;

const configOf = async (file: string, {before, after}: Cast): Promise<string> =>
  (await readFile(file, "utf8")).replace(toAccountsConfig(before), toAccountsConfig(after));

/** The new operator gets in on this server, and reaches its consumer. */
const expectIn = async ({busOf}: Cast, url: string): Promise<void> => {
  const {js} = await busOf("operator-op-new", url);
  await expect((await js.consumers.get("COMPLETIONS", "operator-op-new")).info()).resolves.toBeDefined();
};

describe("reloadServers", () => {
  it("lets a new participant in, and leaves the others connected", async () => {
    const cast = await aCast();
    const nats = await startTestNats(cast.before);
    const stays = await cast.busOf("relayer", nats.url);
    let disconnects = 0;
    void (async () => {
      for await (const {type} of stays.connection.status()) if (type === "disconnect") disconnects++;
    })();
    await writeFileAtomic(nats.configFile, await configOf(nats.configFile, cast));
    expect(await reloadServers({url: nats.url, identity: cast.identity})).toHaveLength(1);
    await applyStreams(await cast.busOf("admin", nats.url), cast.after);
    await expectIn(cast, nats.url);
    expect(disconnects).toBe(0);
  });

  it("reloads every server of a cluster, each with its own file", async () => {
    const cast = await aCast();
    const folder = await temporaryFolder();
    const accounts = toAccountsConfig(cast.before);
    const servers = await startNatsServers({binary: inject("natsServer"), folder, accounts, cluster: true});
    onTestFinished(servers.stop);
    for (const name of servers.names) {
      const file = join(folder, `${name}.conf`);
      await writeFileAtomic(file, await configOf(file, cast));
    }
    const [url = ""] = servers.names.map((name) => `nats://127.0.0.1:${servers.portOf(name)}`);
    // Servers find each other after they began to serve.
    await expect
      .poll(() => reloadServers({url, identity: cast.identity}).then((names) => names.toSorted(), String), {interval: 100})
      .toEqual(servers.names);
    for (const name of servers.names) {
      const bus = await cast.busOf("operator-op-new", `nats://127.0.0.1:${servers.portOf(name)}`);
      await expect(bus.connection.rtt()).resolves.toBeGreaterThanOrEqual(0);
    }
  });

  it("says which server refuses its configuration, and why; the server works on with the one of before", async () => {
    const cast = await aCast();
    const nats = await startTestNats(cast.before);
    await writeFileAtomic(nats.configFile, `${await configOf(nats.configFile, cast)}\naccounts: {`);
    await expect(reloadServers({url: nats.url, identity: cast.identity})).rejects.toMatchObject({
      code: "NATS_CONFIG_REFUSED",
      message: expect.stringContaining("refused its configuration"),
    });
    await expect(cast.busOf("operator-op-new", nats.url)).rejects.toMatchObject({code: "BUS_UNAVAILABLE"});
    await expect(cast.busOf("relayer", nats.url)).resolves.toBeDefined();
  });

  it("cannot be asked for by anybody else", async () => {
    const cast = await aCast();
    const nats = await startTestNats(cast.before);
    const identity = toIdentity(serverAdmin, createSeed().seed);
    await expect(reloadServers({url: nats.url, identity})).rejects.toMatchObject({code: "BUS_UNAVAILABLE"});
  });
});
