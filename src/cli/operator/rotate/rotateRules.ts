import type {Static} from "typebox";
import type {RotateEnv} from "../../env/vaultEnv.js";
import {oraclesRules} from "../../opening/openOracles.js";
import {claimLeaseProblems} from "../claimVault.js";

/** Problems between variables, for parseEnv. */
export function rotateRules(config: Partial<Static<typeof RotateEnv>>): string[] {
  const {EXECUTION_ENDPOINT, CONSENSUS_ENDPOINT} = config;
  return [
    ...oraclesRules(config),
    ...(EXECUTION_ENDPOINT === undefined ? ["EXECUTION_ENDPOINT is not set: the Keeper is read and written through it"] : []),
    ...(CONSENSUS_ENDPOINT === undefined
      ? ["CONSENSUS_ENDPOINT is not set: only a beacon node knows which validators have the outdated exits"]
      : []),
    ...claimLeaseProblems(config.CLAIM_LEASE),
  ];
}
