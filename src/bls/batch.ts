import {PublicKey as ParsedPublicKey} from "@chainsafe/bls/blst-native";
import {PointFormat} from "@chainsafe/bls/types";
import blst from "@chainsafe/blst";
import type {PublicKey, Signature} from "./curve.js";

/** One or more unverified signatures of one 32-byte root, which are known to be points. */
export type SignedRoot = {
  readonly root: Uint8Array;
  readonly signatures: readonly {readonly publicKey: PublicKey; readonly signature: Signature}[];
};

/** A random combination of the signatures of a root, and the same of their keys: if it verifies, each signature does. */
type BlindedRoot = {signed: SignedRoot; pk: blst.PublicKey; sig: blst.Signature};

/**
 * Finds the roots with a signature that is not in the subgroup, is infinity or does not verify; all others are valid. It verifies all in
 * one equation with 64-bit multipliers, which blst draws for each signature from a generator that the system seeds
 * (https://ethresear.ch/t/fast-verification-of-multiple-bls-signatures/5407), and splits a set that fails in halves.
 */
export async function findInvalid<S extends SignedRoot>(roots: readonly S[]): Promise<S[]> {
  const combinations = await Promise.all(roots.map(blind));
  const invalid = roots.filter((_, position) => !combinations[position]);
  const blinded = roots.flatMap((signed, position) => {
    const combination = combinations[position];
    return combination ? [{signed, ...combination}] : [];
  });
  return [...invalid, ...halve(blinded)];
}

/**
 * Combines signatures on another thread, half of the work of a verification; undefined if one is not in the subgroup or is
 * infinity.
 */
async function blind({signatures}: SignedRoot): Promise<{pk: blst.PublicKey; sig: blst.Signature} | undefined> {
  const pairs = signatures.map(({publicKey, signature}) => ({
    pk: ParsedPublicKey.convertToBlstPublicKeyArg(publicKey),
    sig: signature.toBytes(PointFormat.uncompressed),
  }));
  try {
    return await blst.asyncAggregateWithRandomness(pairs);
  } catch {
    return undefined;
  } finally {
    for (const {sig} of pairs) sig.fill(0);
  }
}

function halve<B extends BlindedRoot>(blinded: readonly B[]): B["signed"][] {
  if (blinded.length === 0 || holds(blinded)) return [];
  if (blinded.length === 1) return blinded.map(({signed}) => signed);
  const middle = blinded.length >> 1;
  return [...halve(blinded.slice(0, middle)), ...halve(blinded.slice(middle))];
}

function holds(blinded: readonly BlindedRoot[]): boolean {
  try {
    return blst.aggregateVerify(
      blinded.map(({signed}) => signed.root),
      blinded.map(({pk}) => pk),
      blst.aggregateSignatures(blinded.map(({sig}) => sig)),
    );
  } catch {
    return false;
  }
}
