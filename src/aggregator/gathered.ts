import type {PublicKey, Signature} from "../bls/curve.js";
import type {Validator} from "../clusters/cluster.js";
import {groupBy} from "../runtime/groupBy.js";

/** A signature share that came, of a sidecar that the cluster's definition knows. */
export type SignatureShare = {
  /** Of what is signed: of the exit or of the deposit. */
  readonly key: string;
  readonly clusterId: string;
  readonly threshold: number;
  readonly validator: Validator;
  readonly shareIndex: number;
  readonly publicKeyShare: PublicKey;
  /** As it came and is stored: of an exit a ciphertext. */
  readonly bytes: Uint8Array;
  /** Once it was opened: a point of the curve, and nothing else is known of it. */
  signature?: Signature;
  /** Alone, under its own public key share. */
  isVerified?: boolean;
};

/** What shares came for: an exit, or a deposit. */
export type Gathered<S extends SignatureShare> = Pick<SignatureShare, "key" | "clusterId" | "threshold" | "validator"> & {
  /** What is signed. */
  readonly root: Uint8Array;
  readonly came: readonly S[];
  /** Of those, the ones that are neither refused nor stored. Several may say that they are of one share index. */
  fresh: readonly S[];
  /** As they are stored, by share index, verified before that. */
  held: ReadonlyMap<number, Uint8Array>;
};

/** Those that are for the same together, with what `describe` says of it. */
export const gatherShares = <S extends SignatureShare, T extends {root: Uint8Array}>(
  shares: readonly S[],
  describe: (share: S) => T,
): (Gathered<S> & T)[] =>
  [...groupBy(shares, ({key}) => key).values()].map((came) => {
    const first = came[0] as S;
    const {key, clusterId, threshold, validator} = first;
    return {key, clusterId, threshold, validator, came, fresh: came, held: new Map(), ...describe(first)};
  });
