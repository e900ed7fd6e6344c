import {connectBeacon} from "../../beacon/connectBeacon.js";
import {networks} from "../../consensus/networks.js";
import {DvtError} from "../../errors.js";
import {createBeaconRegistry} from "../../registry/beaconRegistry.js";
import type {DepositRegistry} from "../../registry/depositRegistry.js";
import {readInBackground} from "../../registry/readInBackground.js";
import {fixedRegistry, type ValidatorRegistry} from "../../registry/validatorRegistry.js";
import {userPath} from "../../runtime/userPath.js";
import {createProgress} from "../progress.js";
import type {Starting} from "../roleProcess.js";

/** Of registryEnv, and what goes before it. */
export type RegistryConfig = {
  readonly NETWORK: keyof typeof networks;
  readonly NEXT_VALIDATOR_INDEX?: string;
  readonly CONSENSUS_ENDPOINT?: string;
  readonly EXECUTION_ENDPOINT?: string;
  readonly REGISTRY_CHECKPOINT_FILE: string;
};

type Opening = Starting & {
  config: RegistryConfig;
  env: NodeJS.ProcessEnv;
  /** "waits": whoever asks first waits until the chain was read, and is shown how far that is. */
  firstRead: "waits" | "in the background";
};

/** Whether there is anything to open. */
export const knowsRegistry = ({NEXT_VALIDATOR_INDEX, CONSENSUS_ENDPOINT, EXECUTION_ENDPOINT}: Partial<RegistryConfig>): boolean =>
  (NEXT_VALIDATOR_INDEX ?? CONSENSUS_ENDPOINT ?? EXECUTION_ENDPOINT) !== undefined;

/**
 * The index that was given by hand, or else what the beacon chain knows, or else the deposit contract. CONFIG_INVALID where there
 * is none of them; CONSENSUS_CHAIN_MISMATCH, CONSENSUS_UNAVAILABLE, and what openDepositRegistry says.
 */
export async function openRegistry(opening: Opening): Promise<ValidatorRegistry> {
  const {NEXT_VALIDATOR_INDEX, CONSENSUS_ENDPOINT, EXECUTION_ENDPOINT} = opening.config;
  if (NEXT_VALIDATOR_INDEX !== undefined) return fixedRegistry(Number(NEXT_VALIDATOR_INDEX));
  if (CONSENSUS_ENDPOINT !== undefined) return openOnBeaconChain(CONSENSUS_ENDPOINT, opening);
  if (EXECUTION_ENDPOINT !== undefined) return openOnDeposits(EXECUTION_ENDPOINT, opening);
  throw new DvtError(
    "CONFIG_INVALID",
    "know the next validator index: CONSENSUS_ENDPOINT, EXECUTION_ENDPOINT or NEXT_VALIDATOR_INDEX is needed",
  );
}

async function openOnBeaconChain(
  endpoints: string,
  {config, logger, shutdown, waitFor, firstRead}: Opening,
): Promise<ValidatorRegistry> {
  const network = networks[config.NETWORK];
  const beacon = connectBeacon(endpoints, {network, signal: shutdown.signal, logger});
  await waitFor("the beacon node", beacon.checkAll);
  const registry = createBeaconRegistry({beacon, network, logger});
  // The first time takes some seconds, which no client is to wait for.
  if (firstRead === "in the background") {
    void registry.read([]).catch(({message}: Error) => {
      if (!shutdown.signal.aborted) logger.warn({error: message}, "validators not counted, will be tried again");
    });
  }
  return registry;
}

const tellEveryMs = 10_000;

async function openOnDeposits(endpoints: string, opening: Opening): Promise<ValidatorRegistry> {
  const {config, env, logger, shutdown, waitFor, firstRead} = opening;
  // viem takes a third of a second to load.
  const {openDepositRegistry} = await import("../../registry/depositRegistry.js");
  const open = (onProgress: (block: number, lastBlock: number) => void): Promise<DepositRegistry> =>
    waitFor("the execution node", () =>
      openDepositRegistry({
        ...{endpoints, network: networks[config.NETWORK], logger, signal: shutdown.signal, onLost: shutdown.fail, onProgress},
        checkpointFile: userPath(config.REGISTRY_CHECKPOINT_FILE, env),
      }),
    );
  if (firstRead === "waits") {
    const waiting = await open(createProgress("deposit blocks").show);
    shutdown.onStop(waiting.close);
    return waiting;
  }
  let progress = "";
  let toldAt = performance.now();
  const registry = await open((block, lastBlock) => {
    progress = `, block ${block} of ${lastBlock}`;
    if (block === lastBlock || performance.now() - toldAt < tellEveryMs) return;
    toldAt = performance.now();
    logger.info({block, last_block: lastBlock}, "reading deposits");
  });
  shutdown.onStop(registry.close);
  const polled = readInBackground(registry, {logger, signal: shutdown.signal, progress: () => progress});
  shutdown.onStop(polled.stop);
  return polled;
}
