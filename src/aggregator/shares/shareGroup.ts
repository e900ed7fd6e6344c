import type {PublicKey, Signature} from "../../bls/curve.js";
import type {Validator} from "../../clusters/cluster.js";
import {groupBy} from "../../runtime/groupBy.js";
import type {Requesters} from "../../store/askedDeposit.js";

/** A signature share from a sidecar that the cluster's definition knows. */
export type SignatureShare<Id> = {
  /** The exit or the deposit that it signs. */
  readonly id: Id;
  /** The id as a string. */
  readonly key: string;
  readonly clusterId: string;
  readonly threshold: number;
  readonly validator: Validator;
  readonly shareIndex: number;
  readonly publicKeyShare: PublicKey;
  /** 96 bytes, unencrypted. */
  readonly bytes: Uint8Array;
  /** ms; when the stream stored the message that brought it. */
  readonly cameAt: number;
};

/** Takes one share, together with others that came. Returns its outcome. */
export type TakeShare<Id> = (share: SignatureShare<Id>) => Promise<string>;

/** A share that is neither refused nor stored. */
export type Candidate<Id> = {
  readonly share: SignatureShare<Id>;
  /** Set once it was read. It is a point of the curve; nothing else is known of it. */
  readonly signature?: Signature;
  /** It verified alone, under its own public key share. */
  readonly isVerified?: boolean;
};

/** The shares that came for one exit or one deposit. */
export type ShareGroup<Id> = Pick<SignatureShare<Id>, "id" | "key" | "clusterId" | "threshold" | "validator"> & {
  /** The 32 bytes that are signed. */
  readonly root: Uint8Array;
  readonly came: readonly SignatureShare<Id>[];
  /** Several may claim the same share index. */
  readonly candidates: readonly Candidate<Id>[];
};

/** A group that still needs shares. */
export type OpenGroup<Id> = ShareGroup<Id> & {
  /** By share index, as they are stored: a ciphertext for an exit, the signature for a deposit. Each was verified before that. */
  readonly held: ReadonlyMap<number, Uint8Array>;
  readonly requesters: Requesters;
  /** When it was asked for, or opened again. */
  readonly openedAt: number;
};

/** Verified shares of a group that has too few for a signature: by share index, unencrypted. */
export type GoodShares<G> = {readonly group: G; readonly good: ReadonlyMap<number, Uint8Array>};

/** The outcome of a share: a word, now or later, or the reason why it is refused or tried again. */
export type Outcome = string | Promise<string> | Error;

/** Shares and the outcome of each of them. */
export type SettledShares<Id> = {readonly shares: readonly SignatureShare<Id>[]; readonly outcome: Outcome};

/** Settles shares with an outcome. */
export function settle<Id>(shares: readonly SignatureShare<Id>[], outcome: Outcome): SettledShares<Id> {
  // Whoever awaits it learns of a failure; that may be a moment later.
  if (outcome instanceof Promise) outcome.catch(() => {});
  return {shares, outcome};
}

/** Groups the shares by what they sign. */
export const groupShares = <Id>(shares: readonly SignatureShare<Id>[], rootOf: (id: Id) => Uint8Array): ShareGroup<Id>[] =>
  [...groupBy(shares, ({key}) => key).values()].map((came) => {
    const {id, key, clusterId, threshold, validator} = came[0] as SignatureShare<Id>;
    return {id, key, clusterId, threshold, validator, root: rootOf(id), came, candidates: came.map((share) => ({share}))};
  });
