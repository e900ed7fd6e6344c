import {DvtError} from "../errors.js";
import type {KeyProblem, KeyShareSource} from "./keyShares.js";
import {memoryToOpen} from "./keystore.js";
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
    async glance(cluster) {
      const {files, errors} = await readKeystores(directory);
      const cheapest = files.reduce<KeystoreFile | undefined>(cheaper, undefined);
      const owners = ownersByPublicKeyShare(cluster);
      const opened = cheapest ? [cheapest] : [];
      const {held, problems} = match(opened, new Map(await openKeystores(opened, options)), {owners, shareIndex});
      const named = matchNames(
        files.filter((it) => it !== cheapest),
        {owners, shareIndex},
      );
      return {
        publicKeys: new Set([...held.keys(), ...named.publicKeys]),
        problems: [...errors.map((error) => ({error})), ...problems, ...named.problems],
      };
    },
  };
}

const cheaper = (least: KeystoreFile | undefined, it: KeystoreFile): KeystoreFile =>
  least && memoryToOpen(least.keystore) <= memoryToOpen(it.keystore) ? least : it;

/** As match, by the public keys that the files name; one that names none may be anybody's. */
function matchNames(files: readonly KeystoreFile[], {owners, shareIndex}: ExpectedShares) {
  const publicKeys: string[] = [];
  const problems: KeyProblem[] = [];
  for (const {path, publicKey} of files.filter((it) => it.publicKey !== "")) {
    const owner = owners.get(publicKey);
    if (owner?.shareIndex === shareIndex) publicKeys.push(owner.publicKeyHex);
    else problems.push({error: foreign(path, owner?.shareIndex, shareIndex)});
  }
  return {publicKeys, problems};
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
