import {readFile} from "node:fs/promises";
import {headers} from "nats";
import {describe, expect, it, onTestFinished} from "vitest";
import {exitRequest} from "../../schemas/exitRequest.js";
import {type ExitShare, exitShare} from "../../schemas/exitShare.js";
import {networks} from "../../src/consensus/networks.js";
import {voluntaryExitSigningRoot} from "../../src/consensus/voluntaryExit.js";
import {toExitShare} from "../../src/exits/toExitShare.js";
import {consume} from "../../src/messaging/consume.js";
import {decode} from "../../src/messaging/decode.js";
import {publish} from "../../src/messaging/publish.js";
import {fromHex} from "../../src/runtime/hex.js";
import type {Child} from "../../src/sandbox/childProcess.js";
import {dealValidator} from "../../src/sandbox/makeCluster.js";
import {seedsOf, startGatewayProcess} from "../support/gatewayProcess.js";
import {startHoldingProxy} from "../support/holdingProxy.js";
import {openNode, postShares, untilListed} from "../support/httpSidecar.js";
import {silent} from "../support/servers.js";
import {clusterId, createSystem, operatorId, type System} from "../support/system.js";
import {post} from "../support/testGateway.js";
import {untilLines, untilMessages} from "../support/until.js";

describe("a batch of exits completes once, with one result each", () => {
  it("when the aggregator is killed after the fourth of several shares, then after a write and before the completion, and when every message is delivered twice", async () => {
    const system = await createSystem();
    const [first] = await Promise.all([system.aggregator(), system.relayer(), system.sidecars(0, 1)]);
    const early = system.request();
    await untilLines(first, /shares held/, 4);
    first.process.kill("SIGKILL");
    await first.ended;
    const [second] = await Promise.all([system.aggregator(), system.sidecars(2, 3)]);
    await system.expectCompleted(early);

    await second.stop();
    const proxy = await startHoldingProxy(system.nats.url, "dvt.v2.completions");
    const third = await system.aggregator({NATS_URL: proxy.url});
    const later = system.request({startIndex: 2000});
    await proxy.held;
    third.process.kill("SIGKILL");
    await third.ended;
    const written = await system.db
      .collection("exits")
      .find({validator_index: {$gte: 2000}, unpublished: {$exists: true}})
      .toArray();
    expect(written.length).toBeGreaterThan(0);
    await system.aggregator();
    const {validators} = await system.expectCompleted(later, 2000);
    for (const {public_key, results} of written) {
      const {oracles_config_hash, oracles_exit_signature_shares} = validators.find((it) => it.public_key === public_key) as never;
      expect(results[oracles_config_hash]).toMatchObject(oracles_exit_signature_shares);
    }

    const repeated = repeatMessages(system);
    await system.expectCompleted(system.request({startIndex: 3000}), 3000);
    // One batch, one request, shares of each sidecar, and a completion for each validator.
    expect(repeated()).toBeGreaterThanOrEqual(1 + 1 + 4 + 5);
  });

  it("when the aggregator is killed before it has written when late shares came: only that is lost", async () => {
    const system = await createSystem();
    const proxy = await startHoldingProxy(system.env["MONGODB_URL"] as string, "came.4");
    const [first] = await Promise.all([
      system.aggregator({MONGODB_URL: proxy.url}),
      system.relayer({REISSUE_AFTER: "60s"}),
      system.sidecars(0, 1, 2),
    ]);
    await system.expectCompleted(system.request());
    const collection = system.db.collection("exits");
    const completed = await collection.find().sort({_id: 1}).toArray();
    expect(completed.map(({came}) => Object.keys(came))).toEqual(completed.map(() => ["1", "2", "3"]));
    await system.sidecar(3);
    await proxy.held;
    first.process.kill("SIGKILL");
    await first.ended;
    await system.aggregator();
    await system.expectCompleted(system.request());
    const withoutTimes = (documents: typeof completed) => documents.map(({published_at: _, unpublished: __, ...rest}) => rest);
    expect(withoutTimes(await collection.find().sort({_id: 1}).toArray())).toEqual(withoutTimes(completed));
  });

  it("when the gateway is killed between two polls, and again while it publishes: it asks and answers as before", async () => {
    const system = await createSystem({validators: 3});
    const said = {requests: 0, shares: 0};
    system.bus.connection.subscribe("dvt.v2.requests.>", {callback: () => void said.requests++});
    system.bus.connection.subscribe(`dvt.v2.exit_shares.hoodi.${clusterId}.3`, {
      callback: (_, message) => {
        said.shares += message.json<ExitShare>().exits.length;
      },
    });
    const GATEWAY_SEEDS_DIR = await seedsOf(system, `operator-${operatorId}`, `sidecar-${clusterId}-3`);
    const start = (env = {}) => startGatewayProcess(system, {GATEWAY_SEEDS_DIR, ...env});
    const kill = async (gateway: Child): Promise<void> => {
      gateway.process.kill("SIGKILL");
      await gateway.ended;
    };
    const ask = async (url: string) => (await post(`${url}/validators`, {public_keys: system.publicKeys})).body;
    const [first, node] = await Promise.all([
      start(),
      openNode(system, 2),
      system.aggregator(),
      system.relayer(),
      system.sidecars(0, 1),
    ]);
    await ask(first.url);
    const exits = await untilListed(first.url, ({length}) => length === 3);
    await postShares(first.url, node, exits.slice(0, 2));
    await untilListed(first.url, (listed) => listed.filter((it) => it.is_exit_signature_ready).length === 2);
    const before = await ask(first.url);
    await kill(first);

    const proxy = await startHoldingProxy(system.nats.url, "dvt.v2.exit_shares");
    const second = await start({NATS_URL: proxy.url});
    expect(await ask(second.url)).toEqual(before);
    const posted = postShares(second.url, node, exits).catch(() => "cut off");
    await proxy.held;
    await kill(second);
    expect(await posted).toBe("cut off");

    const third = await start();
    await postShares(third.url, node, exits);
    await untilListed(third.url, (listed) => listed.every((it) => it.is_exit_signature_ready));
    const after = await ask(third.url);
    const notReady = {oracles_exit_signature_shares: null};
    const withoutLast = (after["validators"] as object[]).map((it, position) =>
      system.publicKeys[position] === exits[2]?.public_key ? {...it, ...notReady} : it,
    );
    expect({ready: false, validators: withoutLast}).toEqual(before);
    expect(after["ready"]).toBe(true);
    expect(said).toEqual({requests: 1, shares: 3});
    await system.expectCompleted(system.request());
  });

  it("when two aggregators work side by side, and a sidecar never starts", async () => {
    const system = await createSystem({validators: 20});
    const [one, two] = await Promise.all([system.aggregator(), system.aggregator(), system.relayer(), system.sidecars(1, 2, 3)]);
    const completedBy = (aggregator: Child): number =>
      aggregator
        .output()
        .split("\n")
        .filter((line) => line.includes("exits completed")).length;
    // One message carries the shares of all exits: who sees enough of them is a matter of milliseconds, and completes all.
    for (let startIndex = 1000; startIndex <= 16_000; startIndex += 1000) {
      await system.expectCompleted(system.request({startIndex}), startIndex);
      if (completedBy(one) > 0 && completedBy(two) > 0) break;
    }
    expect(completedBy(one)).toBeGreaterThan(0);
    expect(completedBy(two)).toBeGreaterThan(0);
  });

  it("when a sidecar lies: its shares are refused and named, and block nothing", async () => {
    const system = await createSystem();
    const [aggregator] = await Promise.all([system.aggregator(), system.relayer()]);
    const {encryption_keys} = JSON.parse(await readFile(system.participantsFile, "utf8")).aggregator;
    const wrongKey = dealValidator(4, 3).secretKey;
    const bus = await system.busOf(`sidecar-${clusterId}-4`);
    const liar = await consume(bus, {
      stream: "EXIT_REQUESTS",
      durable: `sidecar-${clusterId}-4`,
      concurrency: 8,
      logger: silent,
      handle: async ({subject, data}) => {
        const {order} = decode(exitRequest, subject, data);
        const signed = order.entries.flatMap((entry) => {
          if (typeof entry === "string") return [];
          const exit = {network: networks.hoodi, publicKey: entry.public_key, validatorIndex: entry.validator_index};
          return [{exit, signature: wrongKey.sign(voluntaryExitSigningRoot(exit.network, exit.validatorIndex)).toBytes()}];
        });
        const itself = {network: networks.hoodi, clusterId, shareIndex: 4};
        await publish(bus, exitShare, toExitShare(itself, signed, fromHex(encryption_keys[0])));
        return "lied";
      },
    });
    onTestFinished(liar.stop);
    const named = untilMessages(system.bus, "dvt.v2.dead_letters.EXIT_SHARES.aggregator", 5);
    const operator = system.request();
    await named;
    await system.sidecars(0, 1, 2);
    await system.expectCompleted(operator);
    const warnings = aggregator
      .output()
      .split("\n")
      .filter((line) => line.includes("SHARE_SIGNATURE_INVALID"));
    expect(warnings.length).toBeGreaterThanOrEqual(5);
    for (const line of warnings)
      expect(JSON.parse(line)).toMatchObject({
        subject: "dvt.v2.exit_shares.hoodi.c1.4",
        exits: [expect.stringMatching(/^hoodi:0x/)],
      });
  });
});

/** Publishes each message a second time, and counts them. */
function repeatMessages({bus: {connection}}: System): () => number {
  let repeated = 0;
  connection.subscribe("dvt.v2.>", {
    callback: (_, message) => {
      if (message.headers?.get("Again")) return;
      repeated++;
      const again = headers();
      for (const [name, values] of message.headers ?? []) for (const value of values) again.append(name, value);
      again.set("Again", "1");
      connection.publish(message.subject, message.data, {headers: again});
    },
  });
  return () => repeated;
}
