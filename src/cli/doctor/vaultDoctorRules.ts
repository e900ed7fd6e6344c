import type {Static} from "typebox";
import type {VaultDoctorEnv} from "../env/vaultEnv.js";
import {registerRules} from "../operator/register/registerRules.js";
import {rotateRules} from "../operator/rotate/rotateRules.js";

type Config = Partial<Static<typeof VaultDoctorEnv>>;

/** Problems between variables, for parseEnv: those of the commands that would read them. Without rules, that is `dvt operator rotate`. */
export function vaultDoctorRules(config: Config): string[] {
  const {WALLET_KEY_FILE: key, WALLET_PASSWORD_FILE: password, VALIDATORS_MANAGER_RULES_FILE: rules} = config;
  return [
    ...(rules === undefined && config.VALIDATORS_MANAGER_KEY_FILE === undefined ? rotateRules(config) : registerRules(config)),
    ...((key === undefined) === (password === undefined)
      ? []
      : ["WALLET_KEY_FILE and WALLET_PASSWORD_FILE belong together: set both, or none"]),
    ...(rules === undefined && config.VALIDATORS_MANAGER_KEY_FILE !== undefined
      ? ["VALIDATORS_MANAGER_RULES_FILE is not set: without it the validators manager signs nothing"]
      : []),
  ];
}
