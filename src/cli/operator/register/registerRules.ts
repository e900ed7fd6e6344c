import type {Static} from "typebox";
import type {RegisterEnv} from "../../env/vaultEnv.js";
import {oraclesRules} from "../../opening/openOracles.js";
import {claimLeaseProblems} from "../claimVault.js";

type Config = Partial<Static<typeof RegisterEnv>>;

/** Problems between variables, for parseEnv. */
export function registerRules(config: Config): string[] {
  const {EXECUTION_ENDPOINT, CONSENSUS_ENDPOINT, NETWORK} = config;
  const {VALIDATORS_MANAGER_KEY_FILE: key, VALIDATORS_MANAGER_PASSWORD_FILE: password} = config;
  return [
    ...oraclesRules(config),
    ...(EXECUTION_ENDPOINT === undefined ? ["EXECUTION_ENDPOINT is not set: the vault is read and written through it"] : []),
    // On hoodi the first validators are not in the deposit contract.
    ...(NETWORK === "hoodi" && CONSENSUS_ENDPOINT === undefined
      ? ["CONSENSUS_ENDPOINT is not set: on hoodi only a beacon node knows the next validator index"]
      : []),
    ...((key === undefined) === (password === undefined)
      ? []
      : ["VALIDATORS_MANAGER_KEY_FILE and VALIDATORS_MANAGER_PASSWORD_FILE belong together: set both, or none"]),
    ...claimLeaseProblems(config.CLAIM_LEASE),
  ];
}
