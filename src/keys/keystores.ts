import {DvtError} from "../errors.js";
import type {KeyProblem, KeyShareSource} from "./keyShares.js";
import {type KeystoreFile, readKeystores} from "./keystoreFile.js";
import {type KeyShare, type OpenOptions, type Outcome, openKeystores} from "./openKeystores.js";
import {toKeyShares} from "./secretKeyShares.js";
import {ownersByPublicKeyShare, type ShareOwner} from "./shareOwners.js";

/** The options of a directory of keystores. */
export type KeystoresOptions = OpenOptions & {directory: string; shareIndex: number};

/**
 * A directory of EIP-2335 keystores in the layout of charon, Lighthouse, Lodestar, Nimbus, Teku or Prysm. Each belongs to the
 * validator whose public key share matches its key, whatever its name. One that does not open (KEYSTORE_*), or is not this node's
 * share of this cluster (KEYSTORE_FOREIGN), is a problem. An opened keystore is not decrypted again.
 */
export function createKeystores({directory, shareIndex, ...options}: KeystoresOptions): KeyShareSource {
  let known = new Map<string, Outcome>();
  return {
    isStrict: true,
    async open(cluster) {
      const {files, errors} = await readKeystores(directory);
      const fresh = files.filter(({id}) => !known.has(id));
      const outcomes = new Map([...known, ...(await openKeystores(fresh, options))]);
      known = toKnown(files, outcomes);
      const {held, problems} = match(files, outcomes, {owners: ownersByPublicKeyShare(cluster), shareIndex});
      return {
        keyShares: toKeyShares(shareIndex, secretKeysOf(held)),
        problems: [...errors.map((error) => ({error})), ...problems],
      };
    },
  };
}

/** The outcomes to remember: opened keystores that are still there. */
function toKnown(files: readonly KeystoreFile[], outcomes: ReadonlyMap<string, Outcome>): Map<string, Outcome> {
  const present = new Set(files.map(({id}) => id));
  return new Map([...outcomes].filter(([id, outcome]) => present.has(id) && !(outcome instanceof DvtError)));
}

type ExpectedShares = {owners: ReadonlyMap<string, ShareOwner>; shareIndex: number};

/** Assigns each key share to its validator. */
function match(files: readonly KeystoreFile[], outcomes: ReadonlyMap<string, Outcome>, {owners, shareIndex}: ExpectedShares) {
  const held = new Map<string, KeyShare>();
  const problems: KeyProblem[] = [];
  const ownedBy = (owner: ShareOwner | undefined) => (owner?.shareIndex === shareIndex ? owner.publicKeyHex : undefined);
  for (const {path, id, publicKey} of files) {
    const outcome = outcomes.get(id) ?? [];
    if (outcome instanceof DvtError) {
      problems.push({publicKey: ownedBy(owners.get(publicKey)), error: outcome});
      continue;
    }
    for (const share of outcome) {
      const owner = owners.get(share.publicKeyShare);
      const validator = ownedBy(owner);
      if (validator !== undefined) held.set(validator, share);
      else problems.push({error: foreign(path, owner?.shareIndex, shareIndex)});
    }
  }
  return {held, problems};
}

const secretKeysOf = (held: ReadonlyMap<string, KeyShare>) =>
  new Map([...held].map(([publicKey, {secretKey}]) => [publicKey, secretKey]));

const foreign = (path: string, found: number | undefined, wanted: number): DvtError =>
  new DvtError(
    "KEYSTORE_FOREIGN",
    found === undefined
      ? `open ${path}: its key does not match any public key share of this cluster`
      : `open ${path}: it is the key share of share index ${found} (OBOL_NODE_INDEX ${found - 1}), not of ${wanted}`,
  );
