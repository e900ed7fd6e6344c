import {connectBeacon} from "../../beacon/connectBeacon.js";
import {createValidatorFinder} from "../../beacon/findValidators.js";
import {readWithdrawalCredentials} from "../../consensus/deposit.js";
import type {Network} from "../../consensus/networks.js";
import {type DepositRules, isAllowedVault} from "../../exits/depositRules.js";
import {readAllowedKeys} from "../../policy/allowedKeys.js";
import {createNearNextIndex} from "../../policy/nearNextIndex.js";
import {defaultIndexesPerKeyPerDay, type PolicyRules} from "../../policy/policy.js";
import type {RotationRules} from "../../policy/rotationPolicy.js";
import {createBeaconRegistry} from "../../registry/beaconRegistry.js";
import {userPath} from "../../runtime/userPath.js";
import type {StartContext} from "../roleProcess.js";

type Config = {
  readonly EXITS_PER_HOUR: string;
  readonly INDEXES_PER_KEY_PER_DAY?: string | undefined;
  readonly ALLOWED_KEYS_FILE?: string | undefined;
  readonly CONSENSUS_ENDPOINT?: string | undefined;
  readonly ALLOW_ACTIVE_VALIDATORS: "true" | "false";
  readonly ALLOW_ROTATION: "true" | "false";
  readonly ROTATIONS_PER_HOUR: string;
};
type Options = StartContext & {
  network: Network;
  config: Config;
  env: NodeJS.ProcessEnv;
  /** Says which vaults a validator may be of. */
  depositRules: DepositRules;
};

/** The rules for which exits may be signed, from the environment; ALLOWED_KEYS_INVALID. */
export async function openExitRules({
  network,
  config,
  env,
  logger,
  shutdown,
  waitFor,
  depositRules,
}: Options): Promise<PolicyRules> {
  const {ALLOWED_KEYS_FILE, CONSENSUS_ENDPOINT} = config;
  const options = {network, signal: shutdown.signal, logger};
  const beacon = CONSENSUS_ENDPOINT === undefined ? undefined : connectBeacon(CONSENSUS_ENDPOINT, options);
  const registry = beacon && createBeaconRegistry({beacon, network, logger});
  return {
    exitsPerHour: Number(config.EXITS_PER_HOUR),
    indexesPerKeyPerDay: Number(
      config.INDEXES_PER_KEY_PER_DAY ?? defaultIndexesPerKeyPerDay({asksTheChain: beacon !== undefined}),
    ),
    allowedKeys:
      ALLOWED_KEYS_FILE === undefined
        ? undefined
        : await waitFor("the allowed keys", () => readAllowedKeys(userPath(ALLOWED_KEYS_FILE, env))),
    beaconNode: beacon && createValidatorFinder(beacon),
    isNearNext: registry && createNearNextIndex(async () => (await registry.read([])).nextIndex),
    allowActiveValidators: config.ALLOW_ACTIVE_VALIDATORS === "true",
    rotations: config.ALLOW_ROTATION === "true" ? toRotationRules(Number(config.ROTATIONS_PER_HOUR), depositRules) : undefined,
  };
}

const toRotationRules = (perHour: number, depositRules: DepositRules): RotationRules => ({
  perHour,
  isOfVault(publicKey, withdrawalCredentials) {
    const address = readWithdrawalCredentials(withdrawalCredentials)?.address;
    return address !== undefined && isAllowedVault(depositRules, publicKey, address);
  },
});
