import {type TObject, Type} from "typebox";
import {networkNames} from "../../schemas/fields.js";
import {
  commonEnv,
  envAddresses,
  envChoice,
  envDuration,
  envId,
  envInteger,
  envIntegers,
  envString,
  executionEnv,
  oraclesEnv,
  reloadEnv,
  storeEnv,
} from "../runtime/env.js";

/** What each command reads from the environment. Names that StakeWise's sidecar has are kept as they are there. */
export const RelayerEnv = Type.Object({
  ...commonEnv,
  ...storeEnv,
  ...oraclesEnv,
  ...reloadEnv,
  ...executionEnv,
  REISSUE_AFTER: envDuration({
    description: "ask again for an exit that stays open this long, then twice as long, and so on",
    default: "10m",
  }),
  EXIT_LIFETIME: envDuration({description: "reject an exit that stays open this long", default: "7d"}),
});

/** Which cluster, which of its share indexes, and where their key shares are. */
const keyShareEnv = {
  ...executionEnv,
  CLUSTER_TYPE: envChoice(["OBOL", "SSV"], {description: "OBOL or SSV", default: "OBOL"}),
  CLUSTER_ID: Type.Optional(
    envId({description: "id of its cluster in participants.json; may be left away when there is only one"}),
  ),
  OBOL_CLUSTER_LOCK_FILE: Type.Optional(
    envString({description: "charon's cluster-lock.json, in place of the definition that participants.json names"}),
  ),
  OBOL_NODE_INDEX: Type.Optional(envInteger({description: "this node's index in the cluster, from 0 as charon counts"})),
  OBOL_NODE_INDEXES: Type.Optional(
    envIntegers({description: "several nodes in one process, separated by commas; goes before OBOL_NODE_INDEX"}),
  ),
  OBOL_KEYSTORES_DIR: Type.Optional(
    envString({description: "its keystores: charon's validator_keys, or those of a validator client"}),
  ),
  OBOL_KEYSTORES_DIR_TEMPLATE: Type.Optional(
    envString({description: "the same with {node_index} in it, for several; goes before OBOL_KEYSTORES_DIR"}),
  ),
  KEYSTORES_PASSWORD_FILE: Type.Optional(envString({description: "one password for all keystores"})),
  KEYSTORES_PASSWORD_DIR: Type.Optional(
    envString({description: "a file for each password, named after the keystore or its public key"}),
  ),
  SSV_KEYSHARES_FILE: Type.Optional(
    envString({description: "the keyshares file, in place of the definition that participants.json names"}),
  ),
  SSV_OPERATOR_ID: Type.Optional(envInteger({description: "this operator's id on SSV"})),
  SSV_OPERATOR_IDS: Type.Optional(
    envIntegers({description: "several operators in one process, separated by commas; goes before SSV_OPERATOR_ID"}),
  ),
  SSV_OPERATOR_KEY_FILE: Type.Optional(
    envString({description: "the operator's RSA key: encrypted_private_key.json, or a plain one in PEM or base64"}),
  ),
  SSV_OPERATOR_KEY_FILE_TEMPLATE: Type.Optional(
    envString({description: "the same with {operator_id} in it, for several; goes before SSV_OPERATOR_KEY_FILE"}),
  ),
  SSV_OPERATOR_PASSWORD_FILE: Type.Optional(envString({description: "the password of encrypted_private_key.json"})),
  SSV_OPERATOR_PASSWORD_FILE_TEMPLATE: Type.Optional(
    envString({description: "the same with {operator_id} in it, for several; goes before SSV_OPERATOR_PASSWORD_FILE"}),
  ),
  REMOTE_SIGNER_URL: Type.Optional(
    envString({description: "a remote signer, as Web3Signer, that has the key shares in place of files", secret: true}),
  ),
  REMOTE_SIGNER_TIMEOUT: envInteger({description: "seconds that an answer of it may take", default: "10"}),
  REMOTE_SIGNER_TOKEN: Type.Optional(envString({description: "bearer token that it asks for", secret: true})),
  REMOTE_SIGNER_CA_FILE: Type.Optional(envString({description: "certificate of the authority that signed its certificate"})),
  REMOTE_SIGNER_CERT_FILE: Type.Optional(envString({description: "our certificate, where it asks for one"})),
  REMOTE_SIGNER_KEY_FILE: Type.Optional(envString({description: "the key of our certificate"})),
};

export const SidecarEnv = Type.Object({
  ...commonEnv,
  ...reloadEnv,
  ...keyShareEnv,
  EXITS_PER_HOUR: envInteger({description: "sign this many exits within an hour; others wait", default: "1000"}),
  INDEXES_PER_KEY_PER_DAY: envInteger({
    description: "sign for this many validator indexes of one key within a day; refuse others",
    default: "3",
  }),
  ALLOWED_KEYS_FILE: Type.Optional(
    envString({description: "sign for these public keys only: one a line, a JSON array, or deposit data"}),
  ),
  ALLOWED_VAULTS: Type.Optional(
    envAddresses({
      description:
        "sign deposits to these vaults only, separated by commas; unset: to the withdrawal address that the cluster lock has",
    }),
  ),
  CONSENSUS_ENDPOINT: Type.Optional(
    envString({
      description: "URL of a beacon node; refuse validators that are active, and indexes that another key has",
      secret: true,
    }),
  ),
  ALLOW_ACTIVE_VALIDATORS: envChoice(["true", "false"], {
    description: "true: sign for active validators too, where CONSENSUS_ENDPOINT is set",
    default: "false",
  }),
  SIDECAR_STATE_FILE: envString({
    description: "which exits were signed when, and the withdrawal credentials of each key; each sidecar has its own, to be kept",
    default: "sidecar-state.jsonl",
  }),
});

/** The sidecar's, without the bus and the policy. */
export const KeysCheckEnv = Type.Object({
  NETWORK: commonEnv.NETWORK,
  PARTICIPANTS_FILE: commonEnv.PARTICIPANTS_FILE,
  ALLOW_EXPOSED_KEY_FILES: commonEnv.ALLOW_EXPOSED_KEY_FILES,
  ...keyShareEnv,
});

export const AggregatorEnv = Type.Object({
  ...commonEnv,
  ...storeEnv,
  ...oraclesEnv,
  ...reloadEnv,
  ...executionEnv,
  AGGREGATOR_PRIVATE_KEY_FILE: envString({
    description: "the aggregator's key, made by `dvt keys aggregator`; or several, newest first, separated by commas",
  }),
});

/** It is nobody on the bus itself. */
const {NATS_SEED_FILE: _, ...busEnv} = commonEnv;

export const GatewayEnv = Type.Object({
  ...busEnv,
  ...storeEnv,
  ...oraclesEnv,
  ...reloadEnv,
  ...executionEnv,
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
  RELAYER_JWT_SECRET: Type.Optional(
    envString({
      description: "the hex that an operator signs its JWTs with; of several, operator_id=hex with commas",
      secret: true,
    }),
  ),
  NEXT_VALIDATOR_INDEX: Type.Optional(
    envInteger({description: "the index that the first validator asked for will get; needed where operators are served"}),
  ),
  RESEND_AFTER: envDuration({
    description: "publish again what the store does not have so long after it was published",
    default: "30s",
  }),
});

export const OperatorEnv = Type.Object({
  ...commonEnv,
  ...oraclesEnv,
  OPERATOR_ID: envId({description: "this operator's id in participants.json; one process at a time may wait under it"}),
  RESEND_AFTER: envDuration({
    description: "send again what is unanswered when nothing came for this long, then twice as long",
    default: "30s",
  }),
});

export const StreamsEnv = Type.Object({
  ...commonEnv,
  ACK_WAIT: envDuration({description: "a message that nobody settled for this long is delivered again", default: "30s"}),
  STREAM_REPLICAS: envChoice(["1", "3"], {description: "1 on one server, 3 on a cluster", default: "1"}),
});

export const NatsConfigEnv = Type.Object({
  NETWORK: commonEnv.NETWORK,
  PARTICIPANTS_FILE: commonEnv.PARTICIPANTS_FILE,
  NATS_SERVER: envString({description: "the nats-server command, for `dvt nats reload`", default: "nats-server"}),
});

export const ClustersShowEnv = Type.Object({
  NETWORK: Type.Optional(envChoice(networkNames, {description: "refuse what is of another network than this"})),
});

export const DeadLettersEnv = Type.Object({...commonEnv});
export const DeadLettersRetryEnv = Type.Object({...commonEnv, ...storeEnv});

export const DemoEnv = Type.Object({
  DEMO_NATS_URL: Type.Optional(envString({description: "a NATS server to use instead of starting one"})),
  DEMO_MONGODB_URL: Type.Optional(envString({description: "a MongoDB server to use instead of starting one"})),
});

/** For --help: every variable, what it is, its default. */
export function describeEnv(schema: TObject): string {
  const width = Math.max(28, ...Object.keys(schema.properties).map(({length}) => length)) + 2;
  const rows = Object.entries(schema.properties).map(([name, field]) => {
    const {description = "", default: fallback, secret} = field as {description?: string; default?: string; secret?: boolean};
    const need = fallback !== undefined ? ` [${fallback}]` : schema.required?.includes(name) ? " (required)" : "";
    return `  ${name.padEnd(width)}${description}${need}${secret ? `; or in a file: ${name}_FILE` : ""}`;
  });
  return `\nEnvironment:\n${rows.join("\n")}\n`;
}
