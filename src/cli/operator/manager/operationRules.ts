import type {Static} from "typebox";
import type {OperationEnv} from "../../env/vaultEnv.js";
import {registerRules} from "../register/registerRules.js";

type Config = Partial<Static<typeof OperationEnv>>;

/** Problems between variables, for parseEnv. */
export const operationRules = ({NETWORK, ...config}: Config): string[] => [
  ...registerRules(config),
  ...(config.CONSENSUS_ENDPOINT === undefined
    ? ["CONSENSUS_ENDPOINT is not set: only a beacon node knows what the validators have, and whose they are"]
    : []),
];
