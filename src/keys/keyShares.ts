import type {ClusterDefinition} from "../clusters/cluster.js";
import type {Network} from "../consensus/networks.js";
import {DvtError} from "../errors.js";
import type {ExitId} from "../exits/exitId.js";

/** The DepositMessage of the consensus specs, on its network. */
export type DepositToSign = {
  readonly network: Network;
  /** Of the validator, in lower-case hex. */
  readonly publicKey: string;
  /** 32 bytes */
  readonly withdrawalCredentials: Uint8Array;
  /** gwei */
  readonly amount: bigint;
};

/** The key shares that one sidecar signs with, wherever they are kept. */
export type KeyShares = {
  readonly shareIndex: number;
  /** Keys of the validators it can sign for, in lower-case hex. */
  readonly publicKeys: ReadonlySet<string>;
  /** The 96-byte signature share of the exit, of a validator in `publicKeys`. */
  sign(exit: ExitId): Promise<Uint8Array>;
  /** The 96-byte signature share of the deposit, likewise. Whether it may be signed, the caller has decided. */
  signDeposit(deposit: DepositToSign): Promise<Uint8Array>;
};

/** A key share that cannot be used, and of which validator it is, where that is known. */
export type KeyProblem = {readonly publicKey?: string | undefined; readonly error: DvtError};

export type OpenedKeyShares = {readonly keyShares: KeyShares; readonly problems: readonly KeyProblem[]};

/** Where one share index has its key shares. */
export type KeyShareSource = {
  /** Whether one that cannot be used keeps a sidecar from starting: it is a file of the operator's own. */
  readonly isStrict: boolean;
  /**
   * Opens those of the definition's validators; again when the definition has changed, which opens only what is new. What is
   * wrong with single ones is told in `problems`, the rest can be signed with.
   */
  open(cluster: ClusterDefinition): Promise<OpenedKeyShares>;
};

/** Key shares that follow their definition: who holds them sees what was opened last. */
export type LiveKeyShares = KeyShares & {reopen(cluster: ClusterDefinition): Promise<readonly KeyProblem[]>};

export function followKeyShares(source: KeyShareSource, opened: KeyShares): LiveKeyShares {
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

const told = 10;

/** All of them in one error, under the code of the first. */
export function toError(problems: readonly [KeyProblem, ...KeyProblem[]]): DvtError {
  const [{error}] = problems;
  if (problems.length === 1) return error;
  const lines = problems.slice(0, told).map((it) => `${it.error.message} [${it.error.code}]`);
  if (problems.length > told) lines.push(`and ${problems.length - told} more`);
  return new DvtError(error.code, `open the key shares; \`dvt keys check\` tells of each validator:\n  ${lines.join("\n  ")}`);
}
