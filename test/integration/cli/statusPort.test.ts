import {join} from "node:path";
import {describe, expect, it, onTestFinished} from "vitest";
import type {Child} from "../../../src/sandbox/childProcess.js";
import {startDvt} from "../../../src/sandbox/dvtProcess.js";
import {seedsOf} from "../../support/gatewayProcess.js";
import {temporaryFolder} from "../../support/servers.js";
import {startTestLink} from "../../support/startTestLink.js";
import {clusterId, createSystem, operatorId} from "../../support/system.js";
import {metricRows} from "../../unit/docs/metricRows.js";

const onAnyPort = {STATUS_PORT: "0"};

/** The status port of a role, which it logs before it connects to anything. */
async function statusPortOf(child: Child) {
  const [, port = ""] = await child.line(/"port":(\d+).*"status port open"/);
  const ask = async (path: string): Promise<{status: number; text: string}> => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`);
    return {status: response.status, text: await response.text()};
  };
  const values = async (): Promise<string[]> => {
    const {text} = await ask("/metrics");
    return text.split("\n").filter((line) => line.startsWith("dvt_"));
  };
  const health = async (...args: string[]): Promise<{code: unknown; output: string}> => {
    const asking = startDvt(["health", ...args], {STATUS_PORT: port});
    return {code: await asking.ended, output: asking.output()};
  };
  return {port, ask, values, health};
}

const portOf = (url: string): number => Number(new URL(url).port);

describe("a role with a status port", () => {
  it("says what its start waits for, then that it is ready, and what it lost while it runs", async () => {
    const system = await createSystem({validators: 1});
    const [bus, store] = await Promise.all([
      startTestLink(portOf(system.nats.url)),
      startTestLink(portOf(system.env["MONGODB_URL"] as string)),
    ]);
    bus.cut();
    const mongoUrl = new URL(system.env["MONGODB_URL"] as string);
    mongoUrl.port = String(store.port);
    mongoUrl.searchParams.set("directConnection", "true");
    const env = {...system.env, NATS_SEED_FILE: system.seedFile("relayer"), MONGODB_URL: mongoUrl.href, ...onAnyPort};
    const relayer = startDvt(["relayer"], {...env, NATS_URL: `nats://127.0.0.1:${bus.port}`});
    onTestFinished(relayer.stop);
    const {ask, values, health} = await statusPortOf(relayer);

    const waits = /^relayer is not ready\n1 STARTING: the start waits for nats since \d{4}-[^ ]+Z: BUS_UNAVAILABLE\n$/;
    await expect.poll(() => ask("/readyz")).toEqual({status: 503, text: expect.stringMatching(waits)});
    expect(await ask("/healthz")).toEqual({status: 200, text: "relayer answers\n"});
    expect(await values()).toContain("dvt_ready 0");
    expect(await health()).toEqual({code: 0, output: "relayer answers"});
    expect(await health("--ready")).toEqual({code: 1, output: expect.stringContaining("1 STARTING: ")});

    bus.open();
    await expect.poll(() => ask("/readyz")).toEqual({status: 200, text: "relayer is ready\n"});
    expect(await health("--ready")).toEqual({code: 0, output: "relayer is ready"});
    const connected = ["dvt_ready 1", 'dvt_bus_connected{participant="relayer"} 1', "dvt_store_connected 1"];
    expect(await values()).toEqual(expect.arrayContaining(connected));

    bus.cut();
    store.silence("both");
    const lost = "relayer is not ready\n2 BUS_UNREACHABLE: NATS does not answer relayer\n3 STORE_UNWRITABLE: ";
    await expect.poll(() => ask("/readyz")).toEqual({status: 503, text: expect.stringContaining(lost)});
    bus.open();
    store.open();
    await expect.poll(() => ask("/readyz")).toMatchObject({status: 200});
    relayer.process.kill("SIGTERM");
    expect(await relayer.ended).toBe(0);
  });

  it("serves the metrics that docs/configuration.md says it serves, and how long exits took", async () => {
    const system = await createSystem({validators: 2});
    const GATEWAY_SEEDS_DIR = await seedsOf(system, `operator-${operatorId}`);
    const GATEWAY_STATE_FILE = join(await temporaryFolder(), "gateway-state.jsonl");
    const ofGateway = {GATEWAY_SEEDS_DIR, GATEWAY_STATE_FILE, GATEWAY_PORT: "0", NEXT_VALIDATOR_INDEX: "1000", ...onAnyPort};
    const gateway = startDvt(["gateway"], {...system.env, ...ofGateway});
    onTestFinished(gateway.stop);
    const [relayer, aggregator, sidecar] = await Promise.all([
      system.relayer(onAnyPort),
      system.aggregator(onAnyPort),
      system.sidecar([0, 1, 2], onAnyPort),
      gateway.line(/gateway started/),
    ]);
    await system.expectCompleted(system.request());
    for (const [role, child] of Object.entries({relayer, aggregator, sidecar, gateway})) {
      const {ask, values} = await statusPortOf(child);
      const {text} = await ask("/metrics");
      const named = [...text.matchAll(/^# TYPE (dvt_\w+) /gm)].map(([, name]) => name);
      // A sidecar has no store: the gauge has no value there.
      const hasStore = (await values()).some((line) => line.startsWith("dvt_store_connected"));
      expect(named.filter((name) => hasStore || name !== "dvt_store_connected").sort(), role).toEqual(metricRows(role));
      expect(text).toMatch(
        new RegExp(`^dvt_build_info\\{version="[0-9.]+",commit="[0-9a-f]*(-dirty)?",role="${role}"\\} 1$`, "m"),
      );
      expect(text).not.toContain(system.publicKeys[0]);
    }
    const {values} = await statusPortOf(aggregator);
    expect(await values()).toEqual(
      expect.arrayContaining(["dvt_exit_duration_seconds_count 2", 'dvt_exit_duration_seconds_bucket{le="86400"} 2']),
    );
    const ofSidecar = await (await statusPortOf(sidecar)).values();
    for (const shareIndex of [1, 2, 3]) {
      expect(ofSidecar).toContain(`dvt_bus_connected{participant="sidecar-${clusterId}-${shareIndex}"} 1`);
    }
  });

  it("waits for a port that another process uses, then ends with 75, and refuses one that is none", async () => {
    const env = {NETWORK: "hoodi", NATS_SEED_FILE: "nowhere", ORACLES_CONFIG_FILE: "nowhere", LOG_FORMAT: "json"};
    const folder = await temporaryFolder();
    const PARTICIPANTS_FILE = join(folder, "participants.json");
    const first = startDvt(["relayer"], {...env, PARTICIPANTS_FILE, ...onAnyPort});
    onTestFinished(first.stop);
    const {port, ask} = await statusPortOf(first);
    await expect.poll(() => ask("/readyz")).toMatchObject({text: expect.stringContaining("the participants file")});
    const second = startDvt(["relayer"], {...env, PARTICIPANTS_FILE, STATUS_PORT: port, START_PATIENCE: "1ms"});
    expect(await second.ended).toBe(75);
    expect(second.output()).toMatch(/\(STATUS_HOST, STATUS_PORT\).*\[PORT_UNAVAILABLE\]/);
    const wrong = startDvt(["relayer"], {...env, PARTICIPANTS_FILE, STATUS_PORT: "65536"});
    expect(await wrong.ended).toBe(78);
    expect(wrong.output()).toContain("STATUS_PORT must be a port");
  });
});

describe("dvt health", () => {
  it.each([
    {id: "no port", env: {}, says: "STATUS_PORT is not set"},
    {id: "the port 0", env: {STATUS_PORT: "0"}, says: "STATUS_PORT is not set"},
    {id: "a port that is none", env: {STATUS_PORT: "http"}, says: "STATUS_PORT must be a port"},
  ])("ends with 78 for $id", async ({env, says}) => {
    const child = startDvt(["health"], env);
    expect(await child.ended).toBe(78);
    expect(child.output()).toContain(says);
  });

  it("ends with 1 if nothing answers, and says where it asked", async () => {
    const child = startDvt(["health", "--ready"], {STATUS_PORT: "1"});
    expect(await child.ended).toBe(1);
    expect(child.output()).toContain("127.0.0.1:1 ");
  });
});
