import {Type} from "typebox";
import {envAddresses, envChoice, envDuration, envInteger, envPort, envString} from "../../runtime/env.js";
import {commonEnv, executionEnv, oraclesEnv, registryEnv, roleEnv, storeEnv} from "./sharedEnv.js";

/** The gateway has no nkey of its own: it is on the bus as those it speaks for. */
const {NATS_SEED_FILE: _, ...busEnv} = commonEnv;

export const GatewayEnv = Type.Object({
  ...busEnv,
  ...storeEnv,
  ...oraclesEnv,
  ...roleEnv,
  ...executionEnv,
  ...registryEnv,
  GATEWAY_HOST: envString({description: "address to listen on", default: "127.0.0.1"}),
  GATEWAY_PORT: envPort({description: "port to listen on; 0: any", default: "8000"}),
  GATEWAY_SEEDS_DIR: envString({
    description: "folder with the nkey seeds of those it speaks for: operator-<id>.nkey, sidecar-<cluster id>-<share index>.nkey",
  }),
  GATEWAY_TOKENS_FILE: Type.Optional(envString({description: "who may use the gateway: hashed tokens"})),
  GATEWAY_AUTH: envChoice(["tokens", "none"], {
    description: "tokens: required, except on loopback if there are none; none: everyone who reaches the gateway is served",
    default: "tokens",
  }),
  GATEWAY_REQUESTS_PER_MINUTE: envInteger({
    description: "requests per minute of each token, or of each address if there are no tokens; at least 1",
    default: "600",
  }),
  GATEWAY_TRUSTED_PROXIES: Type.Optional(
    envString({description: "addresses and networks of proxies in front of it, whose X-Forwarded-For names the caller"}),
  ),
  ALLOWED_VAULTS: Type.Optional(
    envAddresses({
      description:
        "show StakeWise's sidecars, which sign everything they are shown, only deposits to these vaults, separated by commas; unset: none",
    }),
  ),
  EXIT_LIFETIME: envDuration({
    description: "show StakeWise's sidecars nothing on an operator's order that is older than this",
    default: "7d",
  }),
  EXITS_PER_HOUR: envInteger({
    description:
      "show StakeWise's sidecars of a cluster at most this many exits within an hour, and ask for half as many ahead; others wait",
    default: "1000",
  }),
  INDEXES_PER_KEY_PER_DAY: Type.Optional(
    envInteger({
      description:
        "show them at most this many validator indexes of one key within a day, and with CONSENSUS_ENDPOINT also those near the next one; unset: 3 with CONSENSUS_ENDPOINT, else 10000",
    }),
  ),
  ALLOWED_KEYS_FILE: Type.Optional(
    envString({description: "show them only exits of these public keys: one per line, a JSON array, or a deposit data file"}),
  ),
  ALLOW_ACTIVE_VALIDATORS: envChoice(["true", "false"], {
    description: "true: with CONSENSUS_ENDPOINT, show them exits of active validators too",
    default: "false",
  }),
  ALLOW_ROTATION: envChoice(["true", "false"], {
    description:
      "true: show StakeWise's sidecars before version 2 exits of active validators for another oracle set, as operators order them with `dvt operator rotate`: of those that the chain (CONSENSUS_ENDPOINT) shows as an allowed vault's, or that were shown for this index before",
    default: "false",
  }),
  ROTATIONS_PER_HOUR: envInteger({
    description:
      "show the sidecars of a cluster at most this many of these exits within an hour; others wait. EXITS_PER_HOUR does not count them",
    default: "1000",
  }),
  GATEWAY_STATE_FILE: envString({
    description: "which exits they were shown, and when; each gateway has its own; do not delete it",
    default: "gateway-state.jsonl",
  }),
  RELAYER_JWT_SECRET: Type.Optional(
    envString({
      description: "hex secret that an operator signs its JWTs with; for several operators: operator_id=hex, separated by commas",
      secret: true,
    }),
  ),
  NEXT_VALIDATOR_INDEX: Type.Optional(
    envInteger({description: "index that the first requested validator will get, instead of what the chain says"}),
  ),
  VALIDATORS_MANAGER_KEY_FILE: Type.Optional(
    envString({description: "the validators manager's key, an Ethereum keystore: signs what operators request for vaults"}),
  ),
  VALIDATORS_MANAGER_PASSWORD_FILE: Type.Optional(envString({description: "the password of that keystore"})),
  VALIDATORS_MANAGER_RULES_FILE: Type.Optional(
    envString({description: "which vaults, operations and amounts the validators manager signs for"}),
  ),
  ALLOW_FULL_EXITS: envChoice(["true", "false"], {
    description: "true: the validators manager signs withdrawals of amount 0, which exit validators",
    default: "false",
  }),
  RESEND_AFTER: envDuration({
    description: "publish again what is not in the store this long after it was published",
    default: "30s",
  }),
});
