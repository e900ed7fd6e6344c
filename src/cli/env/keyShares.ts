import {Type} from "typebox";
import {commonEnv, envChoice, envId, envInteger, envIntegers, envString, executionEnv} from "../../runtime/env.js";

/** Which cluster, which of its share indexes, and where their key shares are. */
export const keyShareEnv = {
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

/** The sidecar's, without the bus and the policy. */
export const KeysCheckEnv = Type.Object({
  NETWORK: commonEnv.NETWORK,
  PARTICIPANTS_FILE: commonEnv.PARTICIPANTS_FILE,
  ALLOW_EXPOSED_KEY_FILES: commonEnv.ALLOW_EXPOSED_KEY_FILES,
  ...keyShareEnv,
});
