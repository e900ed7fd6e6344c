import {headers} from "nats";
import {describe, expect, it} from "vitest";
import {startHoldingProxy} from "../support/holdingProxy.js";
import {createSystem} from "../support/system.js";
import {untilLines} from "../support/until.js";

describe("a batch of exits completes once, with one result each", () => {
  it("when the aggregator is killed after the write and before the completion", async () => {
    const system = await createSystem();
    const proxy = await startHoldingProxy(system.nats.url, "dvt.v1.completions");
    const first = await system.aggregator({NATS_URL: proxy.url});
    await Promise.all([system.relayer(), system.sidecars(0, 1, 2, 3)]);
    const operator = system.request();
    await proxy.held;
    first.process.kill("SIGKILL");
    await first.ended;
    const written = await system.db
      .collection("exits")
      .find({unpublished: {$exists: true}})
      .toArray();
    expect(written.length).toBeGreaterThan(0);
    await system.aggregator();
    const {validators} = await system.expectCompleted(operator);
    for (const {public_key, results} of written) {
      const {oracles_config_hash, oracles_exit_signature_shares} = validators.find((it) => it.public_key === public_key) as never;
      expect(results[oracles_config_hash]).toEqual(oracles_exit_signature_shares);
    }
  });

  it("when the aggregator is killed after the fourth of several shares", async () => {
    const system = await createSystem();
    const [first] = await Promise.all([system.aggregator(), system.relayer(), system.sidecars(0, 1)]);
    const operator = system.request();
    await untilLines(first, /share held/, 4);
    first.process.kill("SIGKILL");
    await first.ended;
    await Promise.all([system.aggregator(), system.sidecars(2, 3)]);
    await system.expectCompleted(operator);
  });

  it("when two aggregators work side by side", async () => {
    const system = await createSystem({validators: 20});
    const [one, two] = await Promise.all([
      system.aggregator(),
      system.aggregator(),
      system.relayer(),
      system.sidecars(0, 1, 2, 3),
    ]);
    await system.expectCompleted(system.request());
    const completions = [one, two].map(
      (it) =>
        it
          .output()
          .split("\n")
          .filter((line) => line.includes("exit completed")).length,
    );
    expect(completions[0]).toBeGreaterThan(0);
    expect(completions[1]).toBeGreaterThan(0);
  });

  it("when a sidecar never starts", async () => {
    const system = await createSystem();
    await Promise.all([system.aggregator(), system.relayer(), system.sidecars(1, 2, 3)]);
    await system.expectCompleted(system.request());
  });

  it("when every message is delivered twice", async () => {
    const system = await createSystem();
    const mark = headers();
    mark.set("Again", "1");
    let repeated = 0;
    system.bus.connection.subscribe("dvt.v1.>", {
      callback: (_, message) => {
        if (message.headers?.get("Again")) return;
        repeated++;
        system.bus.connection.publish(message.subject, message.data, {headers: mark});
      },
    });
    await Promise.all([system.aggregator(), system.relayer(), system.sidecars(0, 1, 2, 3)]);
    await system.expectCompleted(system.request());
    // One batch, and per validator a request, four shares and a completion.
    expect(repeated).toBeGreaterThanOrEqual(1 + 5 * 6);
  });
});
