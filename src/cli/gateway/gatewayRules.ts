import type {Static} from "typebox";
import type {GatewayEnv} from "../env/gatewayEnv.js";

type Config = Partial<Static<typeof GatewayEnv>>;

const together = [
  "VALIDATORS_MANAGER_KEY_FILE",
  "VALIDATORS_MANAGER_PASSWORD_FILE",
  "VALIDATORS_MANAGER_RULES_FILE",
] as const satisfies (keyof Config)[];

/**
 * What is wrong between the variables of the validators manager: all of them, or none; and none with an index by hand. And a limit
 * that lets nobody ask.
 */
export function gatewayRules(config: Config): string[] {
  return [...incomplete(config), ...blind(config), ...closed(config)];
}

const closed = ({GATEWAY_REQUESTS_PER_MINUTE}: Config): string[] =>
  Number(GATEWAY_REQUESTS_PER_MINUTE ?? 1) < 1 ? ["GATEWAY_REQUESTS_PER_MINUTE must be at least 1"] : [];

/** Who does not know which keys are registered would have a vault register the same ones again. */
const blind = ({VALIDATORS_MANAGER_KEY_FILE, NEXT_VALIDATOR_INDEX}: Config): string[] =>
  VALIDATORS_MANAGER_KEY_FILE !== undefined && NEXT_VALIDATOR_INDEX !== undefined
    ? ["NEXT_VALIDATOR_INDEX is set, but with VALIDATORS_MANAGER_KEY_FILE the chain has to say which keys are registered"]
    : [];

function incomplete(config: Config): string[] {
  const set = together.filter((name) => config[name] !== undefined);
  const needed = config.EXECUTION_ENDPOINT === undefined ? [...together, "EXECUTION_ENDPOINT"] : together;
  if (set.length > 0) {
    return needed
      .filter((name) => !set.includes(name as (typeof set)[number]))
      .map((name) => `${name} is not set, but ${set[0]} is`);
  }
  return config.ALLOW_FULL_EXITS === "true" ? ["ALLOW_FULL_EXITS is true, but VALIDATORS_MANAGER_KEY_FILE is not set"] : [];
}
