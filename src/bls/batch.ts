import {PublicKey as ParsedPublicKey} from "@chainsafe/bls/blst-native";
import {PointFormat} from "@chainsafe/bls/types";
import blst from "@chainsafe/blst";
import type {PublicKey, Signature} from "./curve.js";

/** Signatures that are said to be of one 32-byte root, at least one; nothing but that they are points is known of them. */
export type SignedRoot = {
  readonly root: Uint8Array;
  readonly signatures: readonly {readonly publicKey: PublicKey; readonly signature: Signature}[];
};

/** A random combination of a root's signatures, and the same one of their keys: if it verifies, each of them does. */
type Blinded = {signed: SignedRoot; pk: blst.PublicKey; sig: blst.Signature};

/**
 * Those with a signature that is not of the subgroup, is infinity or does not verify; all others are good. All are verified
 * in one equation with multipliers of 64 bits, which blst draws anew for each signature from a generator that the system
 * seeds (https://ethresear.ch/t/fast-verification-of-multiple-bls-signatures/5407); one that fails is halved.
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

/** On another thread: half of the work of a verification. Undefined where a signature is not of the subgroup, or infinity. */
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

function halve<B extends Blinded>(blinded: readonly B[]): B["signed"][] {
  if (blinded.length === 0 || holds(blinded)) return [];
  if (blinded.length === 1) return blinded.map(({signed}) => signed);
  const middle = blinded.length >> 1;
  return [...halve(blinded.slice(0, middle)), ...halve(blinded.slice(middle))];
}

function holds(blinded: readonly Blinded[]): boolean {
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
