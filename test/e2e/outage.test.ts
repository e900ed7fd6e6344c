import {readFile} from "node:fs/promises";
import {describe, expect, it} from "vitest";
import type {Child} from "../../src/sandbox/childProcess.js";
import type {Link} from "../support/link.js";
import {messagesIn} from "../support/stage.js";
import {startTestLink} from "../support/startTestLink.js";
import {createSystem} from "../support/system.js";
import {untilLines, untilShares} from "../support/until.js";

const behind = async (url: string): Promise<{link: Link; url: string}> => {
  const {hostname, port} = new URL(url);
  const link = await startTestLink(Number(port));
  return {link, url: url.replace(`${hostname}:${port}`, `127.0.0.1:${link.port}`)};
};

/** The most memory it ever had. */
async function peakMiB({process}: Child): Promise<number> {
  const [, kib] = /VmHWM:\s+(\d+) kB/.exec(await readFile(`/proc/${process.pid}/status`, "utf8")) ?? [];
  return Number(kib) / 1024;
}

describe("everything drains, and nothing is dead-lettered", () => {
  it("when MongoDB was away while messages came in", async () => {
    // So many that not all of them are complete when the link is cut.
    const system = await createSystem({validators: 60});
    const {link, url} = await behind(system.env["MONGODB_URL"] as string);
    const stored = {MONGODB_URL: url};
    const [relayer, aggregator] = await Promise.all([
      system.relayer(stored),
      system.aggregator(stored),
      system.sidecars(0, 1, 2),
    ]);
    const operator = system.request();
    await untilShares(system.bus, "dvt.v2.exit_shares.>", 5);
    link.cut();
    await untilLines(aggregator, /STORE_UNAVAILABLE/, 1);
    link.open();
    await system.expectCompleted(operator);
    expect(await messagesIn(system.bus, "DEAD_LETTERS")).toBe(0);
    for (const role of [relayer, aggregator]) expect(await peakMiB(role)).toBeLessThan(300);
  });

  it("when NATS was away for the relayer and the aggregator while the others went on", async () => {
    const system = await createSystem({validators: 10});
    const {link, url} = await behind(system.env["NATS_URL"] as string);
    const linked = {NATS_URL: url};
    const [aggregator] = await Promise.all([system.aggregator(linked), system.relayer(linked), system.sidecars(0, 1, 2)]);
    const operator = system.request();
    await untilShares(system.bus, "dvt.v2.exit_shares.>", 5);
    link.cut();
    await untilLines(aggregator, /nats is unavailable/, 1);
    link.open();
    await system.expectCompleted(operator);
    expect(await messagesIn(system.bus, "DEAD_LETTERS")).toBe(0);
  });
});
