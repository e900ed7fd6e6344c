import type {Static} from "typebox";
import type {GatewayEnv} from "../env/gatewayEnv.js";

type Config = Partial<Static<typeof GatewayEnv>>;

const together = [
  "VALIDATORS_MANAGER_KEY_FILE",
  "VALIDATORS_MANAGER_PASSWORD_FILE",
  "VALIDATORS_MANAGER_RULES_FILE",
] as const satisfies (keyof Config)[];

/**
 * Problems between variables: the validators manager needs all of its own, and no index set by hand. A limit must let somebody ask, and
 * each port is its own.
 */
export function gatewayRules(config: Config): string[] {
  return [...findMissing(config), ...findFixedIndex(config), ...findZeroLimit(config), ...findSamePort(config)];
}

const findSamePort = ({STATUS_PORT, GATEWAY_PORT}: Config): string[] =>
  STATUS_PORT !== undefined && STATUS_PORT !== "0" && STATUS_PORT === GATEWAY_PORT
    ? ["STATUS_PORT and GATEWAY_PORT are the same: set another STATUS_PORT"]
    : [];

const findZeroLimit = ({GATEWAY_REQUESTS_PER_MINUTE}: Config): string[] =>
  Number(GATEWAY_REQUESTS_PER_MINUTE ?? 1) < 1 ? ["GATEWAY_REQUESTS_PER_MINUTE must be at least 1"] : [];

/** Without the chain, the gateway does not know which keys are registered: a vault would register the same ones again. */
const findFixedIndex = ({VALIDATORS_MANAGER_KEY_FILE, NEXT_VALIDATOR_INDEX}: Config): string[] =>
  VALIDATORS_MANAGER_KEY_FILE !== undefined && NEXT_VALIDATOR_INDEX !== undefined
    ? [
        "NEXT_VALIDATOR_INDEX is set, but with VALIDATORS_MANAGER_KEY_FILE the gateway must read from the chain which keys are registered",
      ]
    : [];

function findMissing(config: Config): string[] {
  const set = together.filter((name) => config[name] !== undefined);
  const needed = config.EXECUTION_ENDPOINT === undefined ? [...together, "EXECUTION_ENDPOINT"] : together;
  if (set.length > 0) {
    return needed
      .filter((name) => !set.includes(name as (typeof set)[number]))
      .map((name) => `${name} is not set, but ${set[0]} is`);
  }
  return config.ALLOW_FULL_EXITS === "true" ? ["ALLOW_FULL_EXITS is true, but VALIDATORS_MANAGER_KEY_FILE is not set"] : [];
}
