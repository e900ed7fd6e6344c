import {readFile} from "node:fs/promises";
import {describe, expect, it} from "vitest";
import type {Child} from "../../src/sandbox/childProcess.js";
import {createGate, type Gate} from "../support/gate.js";
import {messagesIn} from "../support/stage.js";
import {createSystem} from "../support/system.js";
import {untilLines, untilMessages} from "../support/until.js";

const behind = async (url: string): Promise<{gate: Gate; url: string}> => {
  const {hostname, port} = new URL(url);
  const gate = await createGate(Number(port));
  return {gate, url: url.replace(`${hostname}:${port}`, `127.0.0.1:${gate.port}`)};
};

/** The most memory it ever had. */
async function peakMiB({process}: Child): Promise<number> {
  const [, kib] = /VmHWM:\s+(\d+) kB/.exec(await readFile(`/proc/${process.pid}/status`, "utf8")) ?? [];
  return Number(kib) / 1024;
}

describe("everything drains, and nothing is dead-lettered", () => {
  it("when MongoDB was away while messages came in", async () => {
    // So many that not all of them are complete by the time that the gate is closed.
    const system = await createSystem({validators: 60});
    const {gate, url} = await behind(system.env["MONGODB_URL"] as string);
    const stored = {MONGODB_URL: url};
    const [relayer, aggregator] = await Promise.all([
      system.relayer(stored),
      system.aggregator(stored),
      system.sidecars(0, 1, 2),
    ]);
    const operator = system.request({timeout: 70});
    await untilMessages(system.bus, "dvt.v1.exit_shares.>", 5);
    gate.close();
    await untilLines(aggregator, /STORE_UNAVAILABLE/, 1);
    gate.open();
    await system.expectCompleted(operator);
    expect(await messagesIn(system.bus, "DEAD_LETTERS")).toBe(0);
    for (const role of [relayer, aggregator]) expect(await peakMiB(role)).toBeLessThan(300);
  }, 80_000);

  it("when NATS was away for the relayer and the aggregator while the others went on", async () => {
    const system = await createSystem({validators: 10});
    const {gate, url} = await behind(system.env["NATS_URL"] as string);
    const gated = {NATS_URL: url};
    const [aggregator] = await Promise.all([system.aggregator(gated), system.relayer(gated), system.sidecars(0, 1, 2)]);
    const operator = system.request();
    await untilMessages(system.bus, "dvt.v1.exit_shares.>", 5);
    gate.close();
    await untilLines(aggregator, /nats is gone/, 1);
    gate.open();
    await system.expectCompleted(operator);
    expect(await messagesIn(system.bus, "DEAD_LETTERS")).toBe(0);
  });
});
