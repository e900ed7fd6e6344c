import {Type} from "typebox";
import {networkNames} from "../../../schemas/fields.js";
import {envAddress, envChoice, envDuration, envPort, envString} from "../../runtime/env.js";

/** What everyone on the bus reads. */
export const commonEnv = {
  NETWORK: envChoice(networkNames, {description: "mainnet, hoodi or gnosis"}),
  LOG_LEVEL: envChoice(["trace", "debug", "info", "warn", "error"], {
    description: "trace, debug, info, warn or error",
    default: "info",
  }),
  LOG_FORMAT: envChoice(["plain", "json"], {description: "plain or json", default: "plain"}),
  NATS_URL: envString({
    description: "NATS server, or several separated by commas",
    default: "nats://127.0.0.1:4222",
    secret: true,
  }),
  ALLOW_EXPOSED_KEY_FILES: envChoice(["true", "false"], {
    description: "true: accept key files that others than their owner can read",
    default: "false",
  }),
  NATS_SEED_FILE: envString({description: "the seed of this participant's nkey, made by `dvt keys new`"}),
  NATS_CA_FILE: Type.Optional(envString({description: "certificate of the authority that signed the NATS server's certificate"})),
  NATS_SHARED_ACCOUNT: envChoice(["true", "false"], {
    description: "true: the server has none of our accounts; only for trials, everyone on it can read and delete messages",
    default: "false",
  }),
  PARTICIPANTS_FILE: envString({description: "participants.json: who takes part", default: "participants.json"}),
};

/** What everyone reads who uses the store. */
export const storeEnv = {
  MONGODB_URL: envString({
    description: "MongoDB, with the database as its path",
    default: "mongodb://127.0.0.1:27017/dvt",
    secret: true,
  }),
};

/** What everyone reads who uses an execution node. */
export const executionEndpointEnv = {
  EXECUTION_ENDPOINT: Type.Optional(
    envString({
      description:
        "URL of an execution node, or several separated by commas: to read the oracle set and SSV clusters from the chain",
      secret: true,
    }),
  ),
};

/** What everyone reads who needs the oracle set. */
export const oraclesEnv = {
  ORACLES_CONFIG_FILE: Type.Optional(
    envString({
      description:
        "StakeWise's oracles: their public keys and exit_signature_recover_threshold; unset: read from the chain through EXECUTION_ENDPOINT",
    }),
  ),
  ORACLES_REFRESH: envDuration({description: "check this often whether the chain has another oracle set", default: "1m"}),
  ORACLES_CHECKPOINT_FILE: envString({
    description: "the last oracle set read from the chain, used while the chain or IPFS is unavailable; each role has its own",
    default: "oracles-checkpoint.json",
  }),
  IPFS_FETCH_ENDPOINTS: envString({
    description: "IPFS gateways, separated by commas, tried in this order; their answers are verified",
    default: "https://ipfs.io,https://gateway.pinata.cloud,https://dweb.link",
    secret: true,
  }),
  KEEPER_CONTRACT: Type.Optional(envAddress({description: "address of StakeWise's Keeper, if it is not the network's own"})),
};

/** Where a role says how it is, and where `dvt health` asks it. */
export const statusEnv = {
  STATUS_PORT: Type.Optional(
    envPort({
      description: "port on which a role answers /healthz, /readyz and /metrics, and `dvt health` asks; 0: any; unset: none",
    }),
  ),
  STATUS_HOST: envString({description: "address of STATUS_PORT; whoever reaches it may read it", default: "127.0.0.1"}),
};

/** What the roles read that follow participants.json and the cluster definitions while they run. */
export const roleEnv = {
  ...statusEnv,
  START_PATIENCE: envDuration({
    description: "at the start, wait this long for each thing that is unavailable, then exit with 75",
    default: "5m",
  }),
  RELOAD_EVERY: envDuration({
    description: "check this often whether participants.json or a cluster definition has changed; SIGHUP checks at once",
    default: "5s",
  }),
  TRUST_FILE: Type.Optional(
    envString({
      description:
        "whom you trust, made by `dvt join`: PARTICIPANTS_FILE then follows what the administrator publishes, as far as this allows; unset: only you change it",
    }),
  ),
};

/** What everyone reads who needs the clusters, which may be SSV clusters on the chain. */
export const executionEnv = {
  ...executionEndpointEnv,
  SSV_CHECKPOINT_FILE: envString({
    description: "what was read from the SSV contract, so that a restart resumes there; each role has its own",
    default: "ssv-checkpoint.json",
  }),
  SSV_CONTRACT: Type.Optional(envAddress({description: "address of the SSV network contract, if it is not the network's own"})),
};

/** What everyone reads who needs the next validator index. Without CONSENSUS_ENDPOINT it is counted through EXECUTION_ENDPOINT. */
export const registryEnv = {
  CONSENSUS_ENDPOINT: Type.Optional(
    envString({
      description: "URL of a beacon node, or several separated by commas: which validators have an index, and the next index",
      secret: true,
    }),
  ),
  REGISTRY_CHECKPOINT_FILE: envString({
    description:
      "what was read from the deposit contract without CONSENSUS_ENDPOINT, so that a restart resumes there; each process has its own",
    default: "registry-checkpoint.jsonl",
  }),
};
