import {join} from "node:path";
import type {CheckedShares} from "../../enrolment/checkShares.js";
import type {Invitation} from "../../enrolment/invitation.js";
import type {JoinFiles} from "./joinFolder.js";
import type {JoinOptions} from "./joinOptions.js";

/** The settings of whoever joined, complete, and what would be worth adding. */
export type JoinSettings = {
  readonly env: Readonly<Record<string, string>>;
  /** Each a sentence. */
  readonly missing: readonly string[];
};

type Context = {readonly files: JoinFiles; readonly caFile: string | undefined; readonly options: JoinOptions};

/** What everybody on the bus needs, with the names that join gives its files. */
const common = (invitation: Invitation, {files, caFile}: Context): Record<string, string> => ({
  NETWORK: invitation.network,
  NATS_URL: invitation.bus.url,
  ...(caFile !== undefined && {NATS_CA_FILE: caFile}),
  NATS_SEED_FILE: files.seed,
  PARTICIPANTS_FILE: files.participants,
  TRUST_FILE: files.trust,
});

/** The settings of a node. The keystores stay where they are. */
export function toSidecarSettings(
  invitation: Extract<Invitation, {kind: "sidecar"}>,
  {files: shares, definition}: CheckedShares,
  context: Context,
): JoinSettings {
  const {options} = context;
  const {state} = context.files;
  const {cluster} = invitation;
  const isSsv = cluster.type === "SSV";
  const keys: Record<string, string | undefined> = isSsv
    ? {
        SSV_OPERATOR_ID: String(cluster.share_index),
        SSV_KEYSHARES_FILE: definition,
        SSV_OPERATOR_KEY_FILE: shares?.keys,
        SSV_OPERATOR_PASSWORD_FILE: options.passwordFile ?? shares?.password,
      }
    : {
        OBOL_NODE_INDEX: String(cluster.share_index - 1),
        OBOL_CLUSTER_LOCK_FILE: definition,
        OBOL_KEYSTORES_DIR: shares?.keys,
        KEYSTORES_PASSWORD_FILE: options.passwordFile,
        KEYSTORES_PASSWORD_DIR: options.passwordDir,
      };
  const env = {
    ...common(invitation, context),
    CLUSTER_TYPE: cluster.type,
    CLUSTER_ID: cluster.id,
    ...keys,
    REMOTE_SIGNER_URL: options.remoteSigner,
    CONSENSUS_ENDPOINT: options.consensusEndpoint,
    EXECUTION_ENDPOINT: options.executionEndpoint,
    ALLOWED_VAULTS: options.allowedVaults,
    SIDECAR_STATE_FILE: join(state, "state.jsonl"),
    SSV_CHECKPOINT_FILE: join(state, "ssv-checkpoint.json"),
    STATUS_PORT: options.statusPort ?? "8104",
  };
  const missing = [
    options.consensusEndpoint === undefined &&
      "CONSENSUS_ENDPOINT, the node's own beacon node: without it, the sidecar cannot tell that a validator is active or that an index is another key's",
    isSsv && options.allowedVaults === undefined && "ALLOWED_VAULTS: without it, this SSV node signs exits, but no deposits",
    cluster.on_chain !== undefined &&
      options.executionEndpoint === undefined &&
      "EXECUTION_ENDPOINT: the cluster is read from SSV's contract, so the sidecar does not start without it",
  ];
  return {env: defined(env), missing: missing.filter((it) => it !== false)};
}

/** The settings of an operator, or of a viewer, who looks with the console and `dvt status`. */
export function toOtherSettings(invitation: Extract<Invitation, {name: string}>, context: Context): JoinSettings {
  const {options} = context;
  const {state} = context.files;
  const bus = common(invitation, context);
  if (invitation.kind === "viewer") return {env: {...bus, CONSOLE_PORT: "8010"}, missing: []};
  const env = {
    ...bus,
    OPERATOR_ID: invitation.name,
    EXECUTION_ENDPOINT: options.executionEndpoint,
    CONSENSUS_ENDPOINT: options.consensusEndpoint,
    ORACLES_CONFIG_FILE: options.oracles,
    ORACLES_CHECKPOINT_FILE: join(state, "oracles-checkpoint.json"),
    REGISTRY_CHECKPOINT_FILE: join(state, "registry-checkpoint.jsonl"),
  };
  const missing =
    options.executionEndpoint === undefined && options.oracles === undefined
      ? ["EXECUTION_ENDPOINT or ORACLES_CONFIG_FILE: without one, `dvt operator request` does not know the oracles"]
      : [];
  return {env: defined(env), missing};
}

const defined = (env: Readonly<Record<string, string | undefined>>): Record<string, string> =>
  Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined));
