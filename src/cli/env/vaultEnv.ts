import {Type} from "typebox";
import {envAddress, envInteger, envString} from "../../runtime/env.js";
import {OperatorEnv} from "./operatorEnv.js";
import {executionEnv, roleEnv} from "./sharedEnv.js";

/** What the commands read that look at a vault, or act for it. */
export const VaultEnv = Type.Object({
  ...OperatorEnv.properties,
  ...executionEnv,
  RELOAD_EVERY: roleEnv.RELOAD_EVERY,
  VALIDATORS_MANAGER_RULES_FILE: envString({
    description: "which vaults, operations and amounts the validators manager signs for",
  }),
  DEPOSIT_DATA_FILE: Type.Optional(
    envString({
      description:
        "deposit data file: only its public keys are registered, in its order; unset: those of the clusters that the vault's rules name",
    }),
  ),
  DEPOSIT_CONTRACT: Type.Optional(envAddress({description: "address of the deposit contract, if it is not the network's own"})),
  VAULT_MIN_BALANCE: envInteger({description: "gwei that stay in the vault", default: "0"}),
});

/** What `dvt operator register` reads. */
export const RegisterEnv = Type.Object({
  ...VaultEnv.properties,
  MAX_FEE_PER_GAS: Type.Optional(
    envInteger({description: "gwei: no transaction pays as much or more for its gas; unset: 10, and 2 on Gnosis"}),
  ),
  WALLET_KEY_FILE: envString({description: "the wallet that pays for transactions, an Ethereum keystore"}),
  WALLET_PASSWORD_FILE: envString({description: "the password of that keystore"}),
  VALIDATORS_MANAGER_KEY_FILE: Type.Optional(
    envString({description: "the validators manager's key, an Ethereum keystore; unset: the wallet is the manager"}),
  ),
  VALIDATORS_MANAGER_PASSWORD_FILE: Type.Optional(envString({description: "the password of that keystore"})),
});
