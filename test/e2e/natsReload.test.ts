import {readFile, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {describe, expect, it} from "vitest";
import {createSeed} from "../../src/messaging/identity.js";
import {loadParticipants} from "../../src/participants/participants.js";
import {changeParticipants, reloadNats} from "../support/changeParticipants.js";
import {connectTestBus, temporaryFolder} from "../support/servers.js";
import {createSystem} from "../support/system.js";
import {untilMessages} from "../support/until.js";

describe("dvt nats reload", () => {
  it("lets a new participant in, and loses nothing for the others in the middle of their work", async () => {
    const system = await createSystem({validators: 20});
    await Promise.all([system.relayer(), system.aggregator(), system.sidecars(0, 1, 2)]);
    const operator = system.request();
    await untilMessages(system.bus, "dvt.v2.completions.>", 1);
    const {seed, nkey} = createSeed();
    const seedFile = join(await temporaryFolder(), "op-3.nkey");
    await writeFile(seedFile, seed, {mode: 0o600});
    await changeParticipants(system, ({operators}) => operators.push({id: "op-3", nkey}));
    expect(await reloadNats(system)).toMatchObject({code: 0, output: "reloaded"});
    await system.applyStreams();
    const participants = await loadParticipants(system.participantsFile, "hoodi");
    const bus = await connectTestBus("operator-op-3", {url: system.nats.url, participants, seedFile: () => seedFile});
    await expect((await bus.js.consumers.get("COMPLETIONS", "operator-op-3")).info()).resolves.toBeDefined();
    await system.expectCompleted(operator);
  });

  it("puts one who is not listed any more out, and the others stay", async () => {
    const system = await createSystem({validators: 1});
    const gone = await system.busOf("operator-op-2");
    const stays = await system.busOf("relayer");
    let disconnects = 0;
    void (async () => {
      for await (const {type} of stays.connection.status()) if (type === "disconnect") disconnects++;
    })();
    const lost = (async () => {
      for await (const {type} of gone.connection.status()) if (type === "disconnect") return;
    })();
    await changeParticipants(system, (file) => {
      file.operators = file.operators.slice(0, 1);
      Object.assign(file.clusters[0] ?? {}, {operators: ["op-1"]});
    });
    expect((await reloadNats(system)).code).toBe(0);
    await lost;
    // For a moment after the reload, the server answers 503.
    const info = async () => (await stays.js.consumers.get("REQUESTS", "relayer-hoodi-op-1")).info();
    await expect.poll(() => info().catch(() => undefined)).toBeDefined();
    expect(disconnects).toBe(0);
  });

  it("changes nothing when nats-server refuses the configuration, and says why", async () => {
    const system = await createSystem({validators: 1});
    const before = await readFile(system.nats.configFile, "utf8");
    await changeParticipants(system, ({operators}) => operators.push({id: "op-3", nkey: `U${"A".repeat(55)}`}));
    const {code, output} = await reloadNats(system);
    expect(code).toBe(78);
    expect(output).toContain("NATS_CONFIG_REFUSED");
    expect(await readFile(system.nats.configFile, "utf8")).toBe(before);
  });
});
