import {readdir} from "node:fs/promises";
import {availableParallelism} from "node:os";
import {join} from "node:path";
import pMap from "p-map";
import {parseSecretKey, type SecretKey} from "../bls/curve.js";
import type {ClusterDefinition} from "../clusters/cluster.js";
import {depositSigningRoot} from "../consensus/deposit.js";
import {voluntaryExitSigningRoot} from "../consensus/voluntaryExit.js";
import {DvtError} from "../errors.js";
import {readJson, readText} from "../runtime/files.js";
import {fromHex, toHex} from "../runtime/hex.js";
import {canOthersRead} from "../runtime/secretFile.js";
import type {KeyShares} from "./keyShares.js";
import {decryptKeystore, Keystore} from "./keystore.js";

export type ObolKeystoresOptions = {
  directory: string;
  cluster: ClusterDefinition;
  shareIndex: number;
  onProgress?: (loaded: number, total: number) => void;
  /** Told once, of the first password file that others can read. */
  onExposed?: (path: string) => void;
};

/**
 * Loads a charon node's validator_keys: keystore-N.json, each with its password in keystore-N.txt. They belong to the
 * validators whose public key share they open to, whatever their file names say. One that is not this node's share of
 * this cluster (KEYSTORE_FOREIGN) or does not open (KEYSTORE_*) refuses the whole directory.
 */
export async function loadObolKeystores({
  directory,
  cluster,
  shareIndex,
  onProgress,
  onExposed,
}: ObolKeystoresOptions): Promise<KeyShares> {
  const names = await keystoreNames(directory);
  const exposed = await firstExposed(names.map((name) => passwordFileOf(join(directory, name))));
  if (exposed !== undefined) onExposed?.(exposed);
  const owners = ownersByPublicKeyShare(cluster);
  let loaded = 0;
  const secretKeys = new Map(
    await pMap(
      names,
      async (name) => {
        const path = join(directory, name);
        const secretKey = await loadSecretKey(path);
        const owner = owners.get(toHex(secretKey.toPublicKey().toBytes()));
        if (owner?.shareIndex !== shareIndex) throw foreign(path, owner?.shareIndex, shareIndex);
        onProgress?.(++loaded, names.length);
        return [owner.publicKeyHex, secretKey] as const;
      },
      {concurrency: availableParallelism()},
    ),
  );
  const signRoot = (publicKey: string, root: Uint8Array): Uint8Array => {
    const secretKey = secretKeys.get(publicKey);
    if (!secretKey) throw new Error(`sign: no key share of ${publicKey}`);
    return secretKey.sign(root).toBytes();
  };
  return {
    shareIndex,
    publicKeys: new Set(secretKeys.keys()),
    sign: async ({network, publicKey, validatorIndex}) => signRoot(publicKey, voluntaryExitSigningRoot(network, validatorIndex)),
    signDeposit: async ({network, publicKey, ...message}) =>
      signRoot(publicKey, depositSigningRoot(network, {pubkey: fromHex(publicKey), ...message})),
  };
}

async function keystoreNames(directory: string): Promise<string[]> {
  const names = await readdir(directory).catch((cause: NodeJS.ErrnoException) => {
    throw new DvtError("KEYSTORES_MISSING", `read the keystores in ${directory}: ${cause.code ?? cause.message}`, {cause});
  });
  const keystores = names.filter((name) => /^keystore.*\.json$/.test(name)).sort();
  if (keystores.length > 0) return keystores;
  throw new DvtError("KEYSTORES_MISSING", `read the keystores in ${directory}: there is no keystore-*.json in it`);
}

const passwordFileOf = (keystorePath: string): string => keystorePath.replace(/\.json$/, ".txt");

async function firstExposed(paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) {
    // One that is not there is told of when its keystore is opened.
    if (await canOthersRead(path).catch(() => false)) return path;
  }
  return undefined;
}

async function loadSecretKey(path: string): Promise<SecretKey> {
  const keystore = await readJson(path, "the keystore", Keystore, "KEYSTORE_INVALID");
  const passwordPath = passwordFileOf(path);
  const password = await readText(passwordPath, "the keystore's password").catch((cause) => {
    throw new DvtError("KEYSTORE_PASSWORD_MISSING", `open ${path}: its password is expected in ${passwordPath}`, {cause});
  });
  const secret = await decryptKeystore(keystore, password, path);
  try {
    return parseSecretKey(secret);
  } catch {
    throw new DvtError("KEYSTORE_INVALID", `open ${path}: what it holds is not a BLS secret key`);
  } finally {
    secret.fill(0);
  }
}

function ownersByPublicKeyShare({validators}: ClusterDefinition): Map<string, {publicKeyHex: string; shareIndex: number}> {
  const owners = new Map<string, {publicKeyHex: string; shareIndex: number}>();
  for (const {publicKeyHex, publicKeyShares} of validators.values()) {
    for (const [shareIndex, share] of publicKeyShares) owners.set(toHex(share.toBytes()), {publicKeyHex, shareIndex});
  }
  return owners;
}

const foreign = (path: string, found: number | undefined, wanted: number): DvtError =>
  new DvtError(
    "KEYSTORE_FOREIGN",
    found === undefined
      ? `open ${path}: its key is no public key share of this cluster`
      : `open ${path}: it is the key share of share index ${found} (OBOL_NODE_INDEX ${found - 1}), not of ${wanted}`,
  );
