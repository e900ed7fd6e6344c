import type {ClusterDefinition} from "../clusters/cluster.js";
import type {EnrolmentClaim} from "../consensus/enrolmentClaim.js";
import type {Network} from "../consensus/networks.js";
import {DvtError} from "../errors.js";
import type {ExitId} from "../exits/exitId.js";

/** A DepositMessage of the consensus specs, with its network. */
export type DepositToSign = {
  readonly network: Network;
  /** The validator's, in lower-case hex. */
  readonly publicKey: string;
  /** 32 bytes */
  readonly withdrawalCredentials: Uint8Array;
  /** gwei */
  readonly amount: bigint;
};

/** The key shares that one sidecar signs with, wherever they are stored. */
export type KeyShares = {
  readonly shareIndex: number;
  /** The public keys of the validators that it can sign for, in lower-case hex. */
  readonly publicKeys: ReadonlySet<string>;
  /** Signs the exit of a validator in `publicKeys`; returns the share of 96 bytes. */
  sign(exit: ExitId): Promise<Uint8Array>;
  /** Signs a deposit, likewise; the caller decides whether it may be signed. */
  signDeposit(deposit: DepositToSign): Promise<Uint8Array>;
  /** Proves that this node holds the key share of a validator in `publicKeys`; undefined for a remote signer, which signs no such thing. */
  prove?(publicKey: string, network: Network, claim: EnrolmentClaim): Promise<Uint8Array>;
};

/** Why a key share cannot be used, and its validator, if known. */
export type KeyProblem = {readonly publicKey?: string | undefined; readonly error: DvtError};

/** The opened key shares, and the problems with others. */
export type OpenedKeyShares = {readonly keyShares: KeyShares; readonly problems: readonly KeyProblem[]};

/** The validators that there seems to be a key share for, and the problems with others. */
export type Glance = {readonly publicKeys: ReadonlySet<string>; readonly problems: readonly KeyProblem[]};

/** The source of the key shares of one share index. */
export type KeyShareSource = {
  /** Whether a problem prevents the start of a sidecar, because it is with one of the operator's own files. */
  readonly isStrict: boolean;
  /**
   * Opens the key shares of the definition's validators; a later call, when the definition has changed, opens only new ones.
   * Single failures are in `problems`, and the other key shares can sign.
   */
  open(cluster: ClusterDefinition): Promise<OpenedKeyShares>;
  /** The same at a glance: of many keystores it opens the one that takes least, and believes the others' names. */
  glance(cluster: ClusterDefinition): Promise<Glance>;
};

/** For a source that opens all of them as fast. */
export const glanceOf = ({keyShares, problems}: OpenedKeyShares): Glance => ({publicKeys: keyShares.publicKeys, problems});

/** Key shares that follow their definition: always those that were opened last. */
export type LiveKeyShares = KeyShares & {reopen(cluster: ClusterDefinition): Promise<readonly KeyProblem[]>};

/** Makes opened key shares follow their definition. */
export function followKeyShares(source: Pick<KeyShareSource, "open">, opened: KeyShares): LiveKeyShares {
  let current = opened;
  return {
    shareIndex: opened.shareIndex,
    get publicKeys() {
      return current.publicKeys;
    },
    sign: (exit) => current.sign(exit),
    signDeposit: (deposit) => current.signDeposit(deposit),
    async reopen(cluster) {
      const {keyShares, problems} = await source.open(cluster);
      current = keyShares;
      return problems;
    },
  };
}

const mostListed = 10;

/** Combines problems into one error with the code of the first. */
export function toError(problems: readonly [KeyProblem, ...KeyProblem[]]): DvtError {
  const [{error}] = problems;
  if (problems.length === 1) return error;
  const lines = problems.slice(0, mostListed).map((it) => `${it.error.message} [${it.error.code}]`);
  if (problems.length > mostListed) lines.push(`and ${problems.length - mostListed} more`);
  return new DvtError(error.code, `open the key shares; \`dvt keys check\` reports on each validator:\n  ${lines.join("\n  ")}`);
}
