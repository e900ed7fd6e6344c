import {existsSync} from "node:fs";
import {expect, it} from "vitest";
import {openSsvChain} from "../../../../../src/clusters/ssv/chain/openSsvChain.js";
import {networks} from "../../../../../src/consensus/networks.js";
import {useFolder} from "../../../../support/files.js";
import {aLogger} from "../../../../support/logger.js";

const folder = useFolder();
const checkpoint = folder.path("checkpoint.json");
const open = (endpoint: {EXECUTION_ENDPOINT?: string}) =>
  openSsvChain({
    config: {SSV_CHECKPOINT_FILE: checkpoint, ...endpoint},
    env: {},
    network: networks.hoodi,
    logger: aLogger().logger,
  });

it("asks and writes nothing before a cluster is followed", async () => {
  await open({EXECUTION_ENDPOINT: "http://127.0.0.1:1"}).stop();
  expect(existsSync(checkpoint)).toBe(false);
});

it("is CONFIG_INVALID without EXECUTION_ENDPOINT, as often as it is tried", async () => {
  const chain = open({});
  for (const _ of [1, 2]) {
    await expect(chain.follow({ssvOperatorIds: [1, 2, 3, 4]})).rejects.toMatchObject({code: "CONFIG_INVALID"});
  }
  await chain.stop();
});
