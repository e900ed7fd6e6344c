import {connectBeacon} from "../../beacon/connectBeacon.js";
import {networks} from "../../consensus/networks.js";
import {DvtError} from "../../errors.js";
import {createBeaconRegistry} from "../../registry/beaconRegistry.js";
import type {DepositRegistry} from "../../registry/depositRegistry.js";
import {readInBackground} from "../../registry/readInBackground.js";
import {fixedRegistry, type ValidatorRegistry} from "../../registry/validatorRegistry.js";
import {userPath} from "../../runtime/userPath.js";
import {createProgress} from "../progress.js";
import type {StartContext} from "../roleProcess.js";

/** The variables of registryEnv, and those that take precedence over them. */
export type RegistryConfig = {
  readonly NETWORK: keyof typeof networks;
  readonly NEXT_VALIDATOR_INDEX?: string;
  readonly CONSENSUS_ENDPOINT?: string;
  readonly EXECUTION_ENDPOINT?: string;
  readonly REGISTRY_CHECKPOINT_FILE: string;
};

type Options = StartContext & {
  config: RegistryConfig;
  env: NodeJS.ProcessEnv;
  /** "waits": the caller waits until the chain has been read, and sees the progress. */
  firstRead: "waits" | "in the background";
};

/** Whether the settings name a source of the next index. */
export const knowsRegistry = ({NEXT_VALIDATOR_INDEX, CONSENSUS_ENDPOINT, EXECUTION_ENDPOINT}: Partial<RegistryConfig>): boolean =>
  (NEXT_VALIDATOR_INDEX ?? CONSENSUS_ENDPOINT ?? EXECUTION_ENDPOINT) !== undefined;

/**
 * The registry from NEXT_VALIDATOR_INDEX, else the beacon chain, else the deposit contract. Throws CONFIG_INVALID without any of
 * them, CONSENSUS_CHAIN_MISMATCH, CONSENSUS_UNAVAILABLE, and what openDepositRegistry throws.
 */
export async function openRegistry(options: Options): Promise<ValidatorRegistry> {
  const {NEXT_VALIDATOR_INDEX, CONSENSUS_ENDPOINT, EXECUTION_ENDPOINT} = options.config;
  if (NEXT_VALIDATOR_INDEX !== undefined) return fixedRegistry(Number(NEXT_VALIDATOR_INDEX));
  if (CONSENSUS_ENDPOINT !== undefined) return openOnBeaconChain(CONSENSUS_ENDPOINT, options);
  if (EXECUTION_ENDPOINT !== undefined) return openOnDeposits(EXECUTION_ENDPOINT, options);
  throw new DvtError(
    "CONFIG_INVALID",
    "find the next validator index: no source is set; set CONSENSUS_ENDPOINT, EXECUTION_ENDPOINT or NEXT_VALIDATOR_INDEX",
  );
}

async function openOnBeaconChain(
  endpoints: string,
  {config, logger, shutdown, waitFor, firstRead}: Options,
): Promise<ValidatorRegistry> {
  const network = networks[config.NETWORK];
  const beacon = connectBeacon(endpoints, {network, signal: shutdown.signal, logger});
  await waitFor("the beacon node", beacon.checkAll);
  const registry = createBeaconRegistry({beacon, network, logger});
  // The first read takes some seconds; no client should wait for it.
  if (firstRead === "in the background") {
    void registry.read([]).catch(({message}: Error) => {
      if (!shutdown.signal.aborted) logger.warn({error: message}, "validators not counted, will be tried again");
    });
  }
  return registry;
}

const logEveryMs = 10_000;

async function openOnDeposits(endpoints: string, options: Options): Promise<ValidatorRegistry> {
  const {config, env, logger, shutdown, waitFor, firstRead} = options;
  // viem takes a third of a second to load.
  const {openDepositRegistry} = await import("../../registry/depositRegistry.js");
  const open = (onProgress: (block: number, lastBlock: number) => void): Promise<DepositRegistry> =>
    waitFor("the execution node", () =>
      openDepositRegistry({
        endpoints,
        network: networks[config.NETWORK],
        logger,
        signal: shutdown.signal,
        onLost: shutdown.fail,
        onProgress,
        checkpointFile: userPath(config.REGISTRY_CHECKPOINT_FILE, env),
      }),
    );
  if (firstRead === "waits") {
    const waiting = await open(createProgress("deposit blocks").show);
    shutdown.onStop(waiting.close);
    return waiting;
  }
  let progress = "";
  let loggedAt = performance.now();
  const registry = await open((block, lastBlock) => {
    progress = `, block ${block} of ${lastBlock}`;
    if (block === lastBlock || performance.now() - loggedAt < logEveryMs) return;
    loggedAt = performance.now();
    logger.info({block, last_block: lastBlock}, "reading deposits");
  });
  shutdown.onStop(registry.close);
  const polled = readInBackground(registry, {logger, signal: shutdown.signal, progress: () => progress});
  shutdown.onStop(polled.stop);
  return polled;
}
