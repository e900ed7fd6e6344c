import {Type} from "typebox";
import {envAddress, envChoice, envDuration, envInteger, envString} from "../../runtime/env.js";
import {OperatorEnv} from "./operatorEnv.js";
import {commonEnv, executionEnv, oraclesEnv, registryEnv, roleEnv} from "./sharedEnv.js";

const nodesEnv = {
  ...executionEnv,
  RELOAD_EVERY: roleEnv.RELOAD_EVERY,
  DEPOSIT_CONTRACT: Type.Optional(envAddress({description: "address of the deposit contract, if it is not the network's own"})),
};
const rulesEnv = {
  VALIDATORS_MANAGER_RULES_FILE: envString({
    description: "which vaults, operations and amounts the validators manager signs for",
  }),
};
const readerEnv = {...nodesEnv, ...rulesEnv};

/** What everything reads that looks at a vault on its chain. */
export const VaultNodesEnv = Type.Object({
  ...commonEnv,
  ...oraclesEnv,
  TRUST_FILE: roleEnv.TRUST_FILE,
  OPERATOR_ID: OperatorEnv.properties.OPERATOR_ID,
  ...nodesEnv,
});

/** The same, with the rules for the vault. */
export const VaultReaderEnv = Type.Object({...VaultNodesEnv.properties, ...readerEnv});

/** What the commands read that plan registrations. */
export const VaultEnv = Type.Object({
  ...OperatorEnv.properties,
  ...readerEnv,
  DEPOSIT_DATA_FILE: Type.Optional(
    envString({
      description:
        "deposit data file: only its public keys are registered, in its order; unset: those of the clusters that the vault's rules name",
    }),
  ),
  VAULT_MIN_BALANCE: envInteger({description: "gwei that stay in the vault", default: "0"}),
});

/** What everything reads that sends transactions. */
export const WalletEnv = Type.Object({
  MAX_FEE_PER_GAS: Type.Optional(
    envInteger({description: "gwei: no transaction pays as much or more for its gas; unset: 10, and 2 on Gnosis"}),
  ),
  WALLET_KEY_FILE: envString({description: "the wallet that pays for transactions, an Ethereum keystore"}),
  WALLET_PASSWORD_FILE: envString({description: "the password of that keystore"}),
  CLAIM_LEASE: envDuration({
    description:
      "how long the claim of vault and wallet lasts unless it is renewed: others wait so long for a process that was killed",
    default: "60s",
  }),
});

/** What `dvt operator rotate` reads. */
export const RotateEnv = Type.Object({...OperatorEnv.properties, ...nodesEnv, ...WalletEnv.properties});

/** What everything reads that sends transactions for a vault's manager. */
export const AccountsEnv = Type.Object({
  ...WalletEnv.properties,
  VALIDATORS_MANAGER_KEY_FILE: Type.Optional(
    envString({description: "the validators manager's key, an Ethereum keystore; unset: the wallet is the manager"}),
  ),
  VALIDATORS_MANAGER_PASSWORD_FILE: Type.Optional(envString({description: "the password of that keystore"})),
});

/** What `dvt operator register` reads. */
export const RegisterEnv = Type.Object({...VaultEnv.properties, ...AccountsEnv.properties});

/** What the commands read that withdraw from a vault's validators and consolidate them. */
export const OperationEnv = Type.Object({
  ...VaultReaderEnv.properties,
  CONSENSUS_ENDPOINT: registryEnv.CONSENSUS_ENDPOINT,
  ...AccountsEnv.properties,
  MAX_REQUEST_FEE: envInteger({
    description: "gwei: no withdrawal or consolidation of one validator pays more for its place in the network's queue",
    default: "1000",
  }),
  ALLOW_FULL_EXITS: envChoice(["true", "false"], {
    description: "true: withdrawals may exit validators",
    default: "false",
  }),
  CONSOLIDATIONS_CHECKER_CONTRACT: Type.Optional(
    envAddress({description: "address of StakeWise's ConsolidationsChecker, if it is not the network's own"}),
  ),
});

/** What `dvt doctor operator` reads once one of `vaultVariables` is set: of every command for vaults, as far as it is there. */
export const VaultDoctorEnv = Type.Object({
  ...OperatorEnv.properties,
  ...nodesEnv,
  ...Type.Partial(Type.Object({...rulesEnv, ...AccountsEnv.properties})).properties,
  ALLOW_FULL_EXITS: OperationEnv.properties.ALLOW_FULL_EXITS,
});

/** Whoever sets one of them registers validators, or does something else for a vault. */
export const vaultVariables = ["VALIDATORS_MANAGER_RULES_FILE", "VALIDATORS_MANAGER_KEY_FILE", "WALLET_KEY_FILE"] as const;
