import type {ClusterDefinition} from "../clusters/cluster.js";
import {definitionHash, ssvDefinitionHash} from "../clusters/definitionHash.js";
import {loadDefinition} from "../clusters/loadDefinition.js";
import {DvtError, expected} from "../errors.js";
import {type KeyProblem, type KeyShareSource, type KeyShares, toError} from "../keys/keyShares.js";
import type {PasswordPlace} from "../keys/keystorePasswords.js";
import {createKeystores} from "../keys/keystores.js";
import {createSsvKeyShares} from "../keys/ssvKeyShares.js";
import {loadSsvOperatorKey} from "../keys/ssvOperatorKey.js";
import {findShares, type Places, type ShareFiles} from "./findShares.js";
import type {Invitation} from "./invitation.js";

export type SidecarInvitation = Extract<Invitation, {kind: "sidecar"}>;

/** Where the key shares are, if the user says more than a folder, and how strictly files are read. */
export type SharesOptions = Places & {
  readonly definition?: string | undefined;
  readonly passwords?: PasswordPlace | undefined;
  readonly passwordFile?: string | undefined;
  /** Instead of files: a remote signer that holds the key shares of this share index. */
  readonly signer?: KeyShareSource | undefined;
  readonly verify?: boolean;
  readonly allowExposed?: boolean;
  readonly onProgress?: (opened: number, total: number) => void;
};

/** What a node has of the cluster that it is invited to: its files were found, opened and compared. */
export type CheckedShares = {
  /** Undefined if a remote signer has the key shares. */
  readonly files: ShareFiles | undefined;
  readonly definition: string | undefined;
  /** Undefined for a cluster in SSV's contract, which is read by the sidecar itself. */
  readonly keyShares: KeyShares | undefined;
  readonly validators: number;
};

/**
 * Finds the node's key shares and its definition of the cluster, and checks both before anything is said on the bus: that the definition is
 * the administrator's, and that every key share is the one of this share index. A machine with several nodes enrols the one that fits.
 * ENROLMENT_REFUSED if the definition is another one;
 * KEYSTORES_MISSING, CLUSTER_DEFINITION_MISSING, and whatever opening them throws.
 */
export async function checkShares(invitation: SidecarInvitation, options: SharesOptions): Promise<CheckedShares> {
  const {network, cluster} = invitation;
  if (cluster.on_chain) return checkOnChain(invitation, options);
  const candidates = options.signer ? [undefined] : await findShares(cluster.type, options);
  const others: string[] = [];
  let unread: DvtError | undefined;
  let unopened: DvtError | undefined;
  for (const files of candidates) {
    const path = options.definition ?? files?.definition;
    if (path === undefined) continue;
    const definition = await loadDefinition(path, network, {verify: options.verify ?? true}).catch(expected);
    const hash = definition instanceof DvtError ? undefined : definitionHash(definition);
    if (definition instanceof DvtError) unread ??= definition;
    else if (hash !== cluster.definition_hash) others.push(`${path}: ${hash}`);
    else {
      const keyShares = await openAll(sourceOf(files, invitation, options), definition).catch(expected);
      if (!(keyShares instanceof DvtError)) return {files, definition: path, keyShares, validators: definition.validators.size};
      unopened ??= keyShares;
    }
  }
  throw unopened ?? (others.length > 0 ? differs(others, invitation) : (unread ?? missing(candidates, invitation)));
}

function sourceOf(files: ShareFiles | undefined, {cluster}: SidecarInvitation, options: SharesOptions): KeyShareSource {
  if (options.signer) return options.signer;
  const {keys, password} = files as ShareFiles;
  const {share_index: shareIndex} = cluster;
  return cluster.type === "OBOL"
    ? createKeystores({directory: keys, shareIndex, passwords: options.passwords, ...listening(options)})
    : createSsvKeyShares({
        operatorId: shareIndex,
        operatorKeyFile: keys,
        passwordFile: options.passwordFile ?? password,
        allowExposed: options.allowExposed,
        ...listening(options),
      });
}

const listening = ({onProgress}: SharesOptions) => (onProgress ? {onProgress} : {});

/** The key shares, if none has a problem that would keep the sidecar from starting. */
async function openAll(source: KeyShareSource, definition: ClusterDefinition): Promise<KeyShares> {
  const {keyShares, problems} = await source.open(definition);
  if (problems.length > 0 && (source.isStrict || keyShares.publicKeys.size === 0))
    throw toError(problems as [KeyProblem, ...KeyProblem[]]);
  return keyShares;
}

/** Of a cluster in SSV's contract: whose validators it has, and that the operator's key opens. */
async function checkOnChain({network, cluster}: SidecarInvitation, options: SharesOptions): Promise<CheckedShares> {
  const {ssv_operator_ids: ssvOperatorIds = [], ssv_owners: ssvOwners} = cluster.on_chain ?? {};
  const hash = ssvDefinitionHash(network, {ssvOperatorIds, ...(ssvOwners && {ssvOwners})});
  if (hash !== cluster.definition_hash || !ssvOperatorIds.includes(cluster.share_index)) {
    throw new DvtError("INVITATION_INVALID", "read the invitation: its SSV operators do not match its own hash of the cluster");
  }
  const [files] = options.signer ? [undefined] : await findShares("SSV", options);
  if (files) {
    const passwordFile = options.passwordFile ?? files.password;
    await loadSsvOperatorKey({keyFile: files.keys, passwordFile, allowExposed: options.allowExposed});
  }
  return {files, definition: undefined, keyShares: undefined, validators: 0};
}

const missing = (candidates: readonly (ShareFiles | undefined)[], {cluster}: SidecarInvitation): DvtError => {
  const name = cluster.type === "OBOL" ? "cluster-lock.json" : "keyshares file";
  const beside = candidates.flatMap((it) => it?.keys ?? []).join(", ");
  return new DvtError(
    "CLUSTER_DEFINITION_MISSING",
    `find the definition of cluster ${cluster.id}: there is no ${name}${beside && ` beside ${beside}`}; name the file with --definition`,
  );
};

const differs = (others: readonly string[], {cluster}: SidecarInvitation): DvtError =>
  new DvtError(
    "ENROLMENT_REFUSED",
    `compare the definition of cluster ${cluster.id}: the administrator's is ${cluster.definition_hash}, but this node has\n  ${others.join("\n  ")}\n` +
      "nothing was sent. If it is another cluster of this machine, name its folder with --keystores; otherwise compare the files with the administrator",
  );
