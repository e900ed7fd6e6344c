import {describe, expect, it, onTestFinished} from "vitest";
import {openRegistry, type RegistryConfig} from "../../../../src/cli/opening/openRegistry.js";
import {networks} from "../../../../src/consensus/networks.js";
import {createShutdown} from "../../../../src/runtime/shutdown.js";
import {withoutWaiting} from "../../../../src/runtime/waitFor.js";
import {startBeaconServer} from "../../../support/beaconServer.js";
import {keyOf} from "../../../support/examples/deposits.js";
import {aLogger} from "../../../support/logger.js";

const network = networks.hoodi;
const validators = ["a", "b", "c"].map(keyOf);

function createOpening(config: Partial<RegistryConfig>) {
  const shutdown = createShutdown({onError: () => {}});
  onTestFinished(shutdown.stop);
  const {logger} = aLogger();
  const all: RegistryConfig = {NETWORK: "hoodi", REGISTRY_CHECKPOINT_FILE: "unused", ...config};
  return {config: all, env: {}, logger, shutdown, waitFor: withoutWaiting};
}
const open = (config: Partial<RegistryConfig>) => openRegistry({...createOpening(config), firstRead: "in the background"});

describe("where the next validator index comes from", () => {
  it("by hand, before all", async () => {
    const registry = await open({NEXT_VALIDATOR_INDEX: "77", CONSENSUS_ENDPOINT: "http://127.0.0.1:1"});
    expect((await registry.read([])).nextIndex).toBe(77);
  });

  it("from the beacon chain, before the deposit contract, and counted before anybody asks", async () => {
    const {url, count} = await startBeaconServer(network, {validators, pending: []});
    const registry = await open({CONSENSUS_ENDPOINT: url, EXECUTION_ENDPOINT: "http://127.0.0.1:1"});
    await expect.poll(() => count("pending_deposits")).toBe(1);
    expect((await registry.read([])).nextIndex).toBe(3);
  });

  it.each<{id: string; config: Partial<RegistryConfig>; code: string}>([
    {id: "nothing is set", config: {}, code: "CONFIG_INVALID"},
    {id: "hoodi's deposit contract would have to do", config: {EXECUTION_ENDPOINT: "http://127.0.0.1:1"}, code: "CONFIG_INVALID"},
    {id: "a URL is none", config: {CONSENSUS_ENDPOINT: "node"}, code: "CONFIG_INVALID"},
    {id: "no beacon node answers", config: {CONSENSUS_ENDPOINT: "http://127.0.0.1:1"}, code: "CONSENSUS_UNAVAILABLE"},
    {
      id: "no execution node answers",
      config: {NETWORK: "mainnet", EXECUTION_ENDPOINT: "http://127.0.0.1:1"},
      code: "EXECUTION_UNAVAILABLE",
    },
  ])("is $code where $id", async ({config, code}) => {
    await expect(open(config)).rejects.toMatchObject({code});
  });

  it("is refused at the start where one of the nodes is of another network", async () => {
    const [right, wrong] = [await startBeaconServer(network), await startBeaconServer(networks.gnosis)];
    await expect(open({CONSENSUS_ENDPOINT: `${right.url},${wrong.url}`})).rejects.toMatchObject({
      code: "CONSENSUS_CHAIN_MISMATCH",
    });
  });
});
