import type {NetworkName} from "../../schemas/fields.js";
import type {PublicKey} from "../bls/curve.js";
import {areOfDegree} from "../bls/threshold.js";
import {DvtError} from "../errors.js";

export type Validator = {
  /** 48 bytes in lower-case hex with 0x */
  readonly publicKeyHex: string;
  readonly publicKey: PublicKey;
  /** By share index. */
  readonly publicKeyShares: ReadonlyMap<number, PublicKey>;
  /** SSV: by share index, the key share encrypted to that operator's RSA key (256 bytes). */
  readonly encryptedKeyShares?: ReadonlyMap<number, Uint8Array>;
  /** Where its stake is withdrawn to (20 bytes in lower-case hex with 0x), where the definition says. */
  readonly withdrawalAddress?: string;
};

export type ClusterType = "OBOL" | "SSV";

/** What a definition says of a cluster, whoever wrote it: who can sign what, and how many are needed. Public data. */
export type ClusterDefinition = {
  readonly type: ClusterType;
  readonly network: NetworkName;
  readonly threshold: number;
  /** By public key in lower-case hex. */
  readonly validators: ReadonlyMap<string, Validator>;
};

export type DefinitionOptions = {
  /** false: what only hashes and signatures prove is not asked for. */
  readonly verify?: boolean;
  /** Told what is not verified. */
  readonly onUnverified?: (problem: string) => void;
};

/** A definition in its place: a cluster that takes part. */
export type Cluster = ClusterDefinition & {readonly id: string; readonly operatorIds: readonly string[]};

/**
 * A definition is believed only if all n public key shares and the validator's key lie on one polynomial of degree
 * threshold - 1: a check of the first threshold of them would pass with a false one among the rest.
 */
export function assertOnePolynomial(
  {publicKeyHex, publicKey, publicKeyShares}: Validator,
  threshold: number,
  path: string,
): void {
  if (areOfDegree(new Map([[0, publicKey], ...publicKeyShares]), threshold - 1)) return;
  throw new DvtError(
    "CLUSTER_SHARES_INCONSISTENT",
    `read ${path}: the public key shares of validator ${publicKeyHex} do not belong together with its key at threshold ${threshold}`,
  );
}
