import {Type} from "typebox";
import {
  commonEnv,
  envAddresses,
  envChoice,
  envDuration,
  envInteger,
  envString,
  executionEnv,
  oraclesEnv,
  registryEnv,
  roleEnv,
  storeEnv,
} from "../../runtime/env.js";

/** It is nobody on the bus itself. */
const {NATS_SEED_FILE: _, ...busEnv} = commonEnv;

export const GatewayEnv = Type.Object({
  ...busEnv,
  ...storeEnv,
  ...oraclesEnv,
  ...roleEnv,
  ...executionEnv,
  ...registryEnv,
  GATEWAY_HOST: envString({description: "the address that it listens on", default: "127.0.0.1"}),
  GATEWAY_PORT: envInteger({description: "the port that it listens on; 0: any", default: "8000"}),
  GATEWAY_SEEDS_DIR: envString({
    description: "the nkey seeds of those it speaks for: operator-<id>.nkey, sidecar-<cluster id>-<share index>.nkey",
  }),
  GATEWAY_TOKENS_FILE: Type.Optional(envString({description: "who may ask: tokens, hashed"})),
  GATEWAY_AUTH: envChoice(["tokens", "none"], {
    description: "tokens: none are needed on loopback, where there are none. none: whoever reaches it is served",
    default: "tokens",
  }),
  GATEWAY_REQUESTS_PER_MINUTE: envInteger({
    description: "so many requests a token, or an address where there are no tokens, may make within a minute; at least 1",
    default: "600",
  }),
  GATEWAY_TRUSTED_PROXIES: Type.Optional(
    envString({description: "addresses and networks of proxies before it: their X-Forwarded-For says who asks"}),
  ),
  ALLOWED_VAULTS: Type.Optional(
    envAddresses({
      description:
        "show StakeWise's sidecars, which sign whatever they are shown, deposits to these vaults only, separated by commas; unset: none",
    }),
  ),
  EXITS_PER_HOUR: envInteger({
    description: "show StakeWise's sidecars of a cluster this many exits within an hour; others wait",
    default: "1000",
  }),
  INDEXES_PER_KEY_PER_DAY: Type.Optional(
    envInteger({
      description:
        "show them this many validator indexes of one key within a day, and where CONSENSUS_ENDPOINT is set those near the next one; no others; unset: 3 where it is set, else 10000",
    }),
  ),
  ALLOWED_KEYS_FILE: Type.Optional(
    envString({description: "show them exits of these public keys only: one a line, a JSON array, or deposit data"}),
  ),
  ALLOW_ACTIVE_VALIDATORS: envChoice(["true", "false"], {
    description: "true: show them exits of active validators too, where CONSENSUS_ENDPOINT is set",
    default: "false",
  }),
  GATEWAY_STATE_FILE: envString({
    description: "which exits they were shown when; each gateway has its own, to be kept",
    default: "gateway-state.jsonl",
  }),
  RELAYER_JWT_SECRET: Type.Optional(
    envString({
      description: "the hex that an operator signs its JWTs with; of several, operator_id=hex with commas",
      secret: true,
    }),
  ),
  NEXT_VALIDATOR_INDEX: Type.Optional(
    envInteger({description: "the index that the first validator asked for will get, in place of what the chain says"}),
  ),
  VALIDATORS_MANAGER_KEY_FILE: Type.Optional(
    envString({description: "the validators manager's key: an Ethereum keystore. Signs what operators ask of vaults"}),
  ),
  VALIDATORS_MANAGER_PASSWORD_FILE: Type.Optional(envString({description: "the password of that keystore"})),
  VALIDATORS_MANAGER_RULES_FILE: Type.Optional(
    envString({description: "which vaults and operations the validators manager signs for, and how much"}),
  ),
  ALLOW_FULL_EXITS: envChoice(["true", "false"], {
    description: "true: the validators manager signs withdrawals of amount 0, which exit validators",
    default: "false",
  }),
  RESEND_AFTER: envDuration({
    description: "publish again what the store does not have so long after it was published",
    default: "30s",
  }),
});
