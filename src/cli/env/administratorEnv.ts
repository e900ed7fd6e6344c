import {Type} from "typebox";
import {networkNames} from "../../../schemas/fields.js";
import {envChoice, envDuration, envString} from "../../runtime/env.js";
import {commonEnv, executionEndpointEnv, oraclesEnv, registryEnv, storeEnv} from "./sharedEnv.js";

export const StreamsEnv = Type.Object({
  ...commonEnv,
  ACK_WAIT: envDuration({description: "a message that is not settled for this long is delivered again", default: "30s"}),
  STREAM_REPLICAS: Type.Optional(
    envChoice(["1", "3"], {
      description: "1 on one server, 3 on a cluster; unset: streams keep the copies they have, and new ones get 1",
    }),
  ),
});

export const NatsConfigEnv = Type.Object({
  NETWORK: commonEnv.NETWORK,
  PARTICIPANTS_FILE: commonEnv.PARTICIPANTS_FILE,
  NATS_SERVER: envString({description: "the nats-server command, for `dvt nats reload`", default: "nats-server"}),
});

export const InitEnv = Type.Object({
  ...executionEndpointEnv,
  CONSENSUS_ENDPOINT: registryEnv.CONSENSUS_ENDPOINT,
});

export const DeadLettersEnv = Type.Object({...commonEnv});
export const DeadLettersRetryEnv = Type.Object({...commonEnv, ...storeEnv});

export const ClustersMoveEnv = Type.Object({
  NETWORK: commonEnv.NETWORK,
  LOG_LEVEL: commonEnv.LOG_LEVEL,
  LOG_FORMAT: commonEnv.LOG_FORMAT,
  PARTICIPANTS_FILE: commonEnv.PARTICIPANTS_FILE,
  ...storeEnv,
});

export const ClustersShowEnv = Type.Object({
  NETWORK: Type.Optional(envChoice(networkNames, {description: "refuse a definition of another network"})),
});

const {NETWORK} = commonEnv;
const {ORACLES_CONFIG_FILE, IPFS_FETCH_ENDPOINTS, KEEPER_CONTRACT} = oraclesEnv;

export const OraclesShowEnv = Type.Object({
  NETWORK,
  ORACLES_CONFIG_FILE,
  ...executionEndpointEnv,
  IPFS_FETCH_ENDPOINTS,
  KEEPER_CONTRACT,
});
export const OraclesSaveEnv = Type.Object({
  NETWORK,
  ...executionEndpointEnv,
  IPFS_FETCH_ENDPOINTS,
  KEEPER_CONTRACT,
});
