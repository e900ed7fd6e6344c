import type {NetworkName} from "../../schemas/fields.js";
import type {PublicKey} from "../bls/curve.js";
import {areOfDegree} from "../bls/threshold.js";
import {DvtError} from "../errors.js";

/** By share index. */
export type PublicKeyShares = Pick<
  ReadonlyMap<number, PublicKey>,
  "size" | "has" | "get" | "keys" | "values" | typeof Symbol.iterator
>;

/**
 * A validator and the public key shares of its operators. A role has thousands and keeps them packed: each read of a point makes
 * it again, in a few µs.
 */
export type Validator = {
  /** 48 bytes in lower-case hex with 0x */
  readonly publicKeyHex: string;
  readonly publicKey: PublicKey;
  readonly publicKeyShares: PublicKeyShares;
  /** SSV: by share index, the key share encrypted to the operator's RSA key (256 bytes). */
  readonly encryptedKeyShares?: ReadonlyMap<number, Uint8Array>;
  /** Where its stake is withdrawn to (20 bytes in lower-case hex with 0x), if the definition names it. */
  readonly withdrawalAddress?: string;
};

export type ClusterType = "OBOL" | "SSV";

/**
 * The definition of a cluster, from whatever tool: its validators, who can sign for them, and how many are needed. Public data.
 */
export type ClusterDefinition = {
  readonly type: ClusterType;
  readonly network: NetworkName;
  readonly threshold: number;
  /** OBOL: its lock hash (32 bytes in lower-case hex with 0x), if it can be computed; it identifies the cluster. */
  readonly definitionId?: string;
  /** By public key in lower-case hex. */
  readonly validators: ReadonlyMap<string, Validator>;
};

/** How a definition is read: `verify` (default: true) refuses one with wrong hashes or signatures. */
export type DefinitionOptions = {
  readonly verify?: boolean;
  /** Called with what is wrong if that is not refused. */
  readonly onUnverified?: (problem: string) => void;
};

/** A cluster that takes part: its definition, id and operators. */
export type Cluster = ClusterDefinition & {readonly id: string; readonly operatorIds: readonly string[]};

/**
 * Throws unless all n public key shares and the validator's key lie on one polynomial of degree threshold - 1: checking only the
 * first threshold of them would miss a false one among the rest.
 */
export function assertOnePolynomial(
  {publicKeyHex, publicKey, publicKeyShares}: Validator,
  threshold: number,
  path: string,
): void {
  if (areOfDegree(new Map([[0, publicKey], ...publicKeyShares]), threshold - 1)) return;
  throw new DvtError(
    "CLUSTER_SHARES_INCONSISTENT",
    `read ${path}: the public key shares of validator ${publicKeyHex} do not match its key at threshold ${threshold}`,
  );
}
