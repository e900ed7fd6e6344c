import {Type} from "typebox";
import {envChoice, envId, envInteger, envIntegers, envString} from "../../runtime/env.js";
import {commonEnv, executionEnv} from "./sharedEnv.js";

/** Which cluster it is, which of its share indexes, and where their key shares are. */
export const keyShareEnv = {
  ...executionEnv,
  CLUSTER_TYPE: envChoice(["OBOL", "SSV"], {description: "OBOL or SSV", default: "OBOL"}),
  CLUSTER_ID: Type.Optional(envId({description: "id of its cluster in participants.json; optional if there is only one"})),
  OBOL_CLUSTER_LOCK_FILE: Type.Optional(
    envString({description: "charon's cluster-lock.json, instead of the definition that participants.json names"}),
  ),
  OBOL_NODE_INDEX: Type.Optional(envInteger({description: "this node's index in the cluster, from 0 as charon counts"})),
  OBOL_NODE_INDEXES: Type.Optional(
    envIntegers({description: "several nodes in one process, separated by commas; overrides OBOL_NODE_INDEX"}),
  ),
  OBOL_KEYSTORES_DIR: Type.Optional(
    envString({description: "folder of its keystores: charon's validator_keys, or a validator client's"}),
  ),
  OBOL_KEYSTORES_DIR_TEMPLATE: Type.Optional(
    envString({description: "the same with {node_index}, for several; overrides OBOL_KEYSTORES_DIR"}),
  ),
  KEYSTORES_PASSWORD_FILE: Type.Optional(envString({description: "file with one password for all keystores"})),
  KEYSTORES_PASSWORD_DIR: Type.Optional(
    envString({description: "folder with one file per password, named after the keystore or its public key"}),
  ),
  SSV_KEYSHARES_FILE: Type.Optional(
    envString({description: "the keyshares file, instead of the definition that participants.json names"}),
  ),
  SSV_OPERATOR_ID: Type.Optional(envInteger({description: "this operator's id on SSV"})),
  SSV_OPERATOR_IDS: Type.Optional(
    envIntegers({description: "several operators in one process, separated by commas; overrides SSV_OPERATOR_ID"}),
  ),
  SSV_OPERATOR_KEY_FILE: Type.Optional(
    envString({description: "the operator's RSA key: encrypted_private_key.json, or an unencrypted one in PEM or base64"}),
  ),
  SSV_OPERATOR_KEY_FILE_TEMPLATE: Type.Optional(
    envString({description: "the same with {operator_id}, for several; overrides SSV_OPERATOR_KEY_FILE"}),
  ),
  SSV_OPERATOR_PASSWORD_FILE: Type.Optional(envString({description: "the password of encrypted_private_key.json"})),
  SSV_OPERATOR_PASSWORD_FILE_TEMPLATE: Type.Optional(
    envString({description: "the same with {operator_id}, for several; overrides SSV_OPERATOR_PASSWORD_FILE"}),
  ),
  REMOTE_SIGNER_URL: Type.Optional(
    envString({
      description: "URL of a remote signer, such as Web3Signer, that holds the key shares instead of files",
      secret: true,
    }),
  ),
  REMOTE_SIGNER_TIMEOUT: envInteger({description: "timeout of its answers in seconds", default: "10"}),
  REMOTE_SIGNER_TOKEN: Type.Optional(envString({description: "bearer token that it requires", secret: true})),
  REMOTE_SIGNER_CA_FILE: Type.Optional(envString({description: "certificate of the authority that signed its certificate"})),
  REMOTE_SIGNER_CERT_FILE: Type.Optional(envString({description: "our certificate, if it requires one"})),
  REMOTE_SIGNER_KEY_FILE: Type.Optional(envString({description: "the key of our certificate"})),
};

/** The sidecar's variables without those of the bus and the policy. */
export const KeysCheckEnv = Type.Object({
  NETWORK: commonEnv.NETWORK,
  PARTICIPANTS_FILE: commonEnv.PARTICIPANTS_FILE,
  ALLOW_EXPOSED_KEY_FILES: commonEnv.ALLOW_EXPOSED_KEY_FILES,
  ...keyShareEnv,
});
