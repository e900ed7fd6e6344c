import type {Static} from "typebox";
import type {GatewayEnv} from "./env/gateway.js";

type Config = Partial<Static<typeof GatewayEnv>>;

const together = [
  "VALIDATORS_MANAGER_KEY_FILE",
  "VALIDATORS_MANAGER_PASSWORD_FILE",
  "VALIDATORS_MANAGER_RULES_FILE",
] as const satisfies (keyof Config)[];

/** What is wrong between the variables of the validators manager: all of them, or none. */
export function gatewayRules(config: Config): string[] {
  const set = together.filter((name) => config[name] !== undefined);
  const needed = config.EXECUTION_ENDPOINT === undefined ? [...together, "EXECUTION_ENDPOINT"] : together;
  if (set.length > 0) {
    return needed
      .filter((name) => !set.includes(name as (typeof set)[number]))
      .map((name) => `${name} is not set, but ${set[0]} is`);
  }
  return config.ALLOW_FULL_EXITS === "true" ? ["ALLOW_FULL_EXITS is true, but VALIDATORS_MANAGER_KEY_FILE is not set"] : [];
}
