import {expect, inject, it, onTestFinished} from "vitest";
import {createShutdown} from "../../src/runtime/shutdown.js";
import {findServers} from "../../src/sandbox/servers/findServers.js";
import type {MongoLauncher} from "../../src/sandbox/servers/mongoServer.js";
import {runCampaign} from "../chaos/runCampaign.js";

const seed = 1;

it(`loses, doubles and spoils no exit while things fail for 20 seconds, as seed ${seed} chooses`, async () => {
  const announce = (step: string): void => void process.stderr.write(`• ${step}\n`);
  const {mongo} = await findServers({nats: false, mongo: true}, announce);
  const shutdown = createShutdown({graceMs: 60_000, onError: () => {}});
  onTestFinished(shutdown.stop);
  const options = {seed, seconds: 20, cluster: false, natsServer: inject("natsServer"), mongo: mongo as MongoLauncher};
  const {findings, told, faults} = await runCampaign(options, {shutdown, announce});
  expect(findings).toEqual([]);
  expect(told).toBeGreaterThan(0);
  expect(faults).toBeGreaterThan(5);
}, 600_000);
