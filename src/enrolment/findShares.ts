import {readdir, stat} from "node:fs/promises";
import {basename, dirname, join, resolve} from "node:path";
import {DvtError} from "../errors.js";

/** The files of a node's key shares, where its own software keeps them. */
export type ShareFiles = {
  /** Charon's or a validator client's folder of keystores; or the file of an SSV operator's key. */
  readonly keys: string;
  /** The password of the SSV operator's key, if there is such a file. */
  readonly password?: string;
  /** cluster-lock.json or the keyshares file, if there is one. */
  readonly definition?: string;
};

export type ClusterKind = "OBOL" | "SSV";

/** Where to look: in this folder of the user, in the usual ones, or only where the user says. */
export type Places = {
  /** The folder where the command was called. */
  readonly here: string;
  /** Whose usual folders to look into, best first. */
  readonly homes: readonly string[];
  /** A folder that the user named: charon's, its keystores, or the SSV node's. */
  readonly named?: string | undefined;
};

/** Where people who follow the guides of Obol and of SSV have their node's files. */
const usual: Record<ClusterKind, {readonly atHome: readonly string[]; readonly elsewhere: readonly string[]}> = {
  OBOL: {
    atHome: [".charon", "charon-distributed-validator-node/.charon", "lido-charon-distributed-validator-node/.charon"],
    elsewhere: [
      "/opt/charon/.charon",
      "/opt/charon-distributed-validator-node/.charon",
      "/var/lib/charon/.charon",
      "/var/lib/charon",
    ],
  },
  SSV: {atHome: ["ssv", "ssv-stack", ".ssv"], elsewhere: ["/opt/ssv", "/var/lib/ssv", "/etc/ssv"]},
};

/**
 * Finds the key shares of nodes of this kind, best place first; a machine may have several. KEYSTORES_MISSING, which lists where it
 * looked, if there are none.
 */
export async function findShares(kind: ClusterKind, {here, homes, named}: Places): Promise<ShareFiles[]> {
  const {atHome, elsewhere} = usual[kind];
  const places = [here, ...homes.flatMap((home) => atHome.map((folder) => join(home, folder))), ...elsewhere];
  const start = named === undefined ? places : [resolve(here, named)];
  const folders = (await Promise.all(start.map((folder) => within(folder, kind)))).flat();
  const found: ShareFiles[] = [];
  for (const folder of new Set(folders)) {
    const files = kind === "OBOL" ? await charonFilesIn(folder) : await ssvFilesIn(folder);
    if (files && !found.some(({keys}) => keys === files.keys)) found.push(files);
  }
  if (found.length > 0) return found;
  const what = kind === "OBOL" ? "keystores" : operatorKeys.join(" or ");
  throw new DvtError(
    "KEYSTORES_MISSING",
    `find the key shares of this node: there is no ${what} in ${start.join(", ")}; name the folder with --keystores`,
  );
}

/** Where SSV's compose files keep the operator's key, in the folder of the node. */
const ssvFolders = ["secrets", "ssv-node-data"];
/** The operator's key, by the names that SSV's guides and compose files give it. */
const operatorKeys = ["encrypted_private_key.json", "encrypted_operator_key.json", "private_key"];

/** The folder, and those in it that the tools make: charon's, one for each node of a test cluster, the secrets of SSV's compose files. */
async function within(folder: string, kind: ClusterKind): Promise<string[]> {
  if (kind === "SSV") return [folder, ...ssvFolders.map((name) => join(folder, name))];
  const charon = join(folder, ".charon");
  const nodesOf = async (parent: string): Promise<string[]> =>
    (await names(parent)).filter((name) => /^node\d+$/.test(name)).map((name) => join(parent, name));
  const clusters = [folder, charon, join(charon, "cluster")];
  return [folder, charon, ...(await Promise.all(clusters.map(nodesOf))).flat()];
}

const isKeystore = (name: string): boolean => /^(keystore|voting-keystore).*\.json$/.test(name);

async function charonFilesIn(folder: string): Promise<ShareFiles | undefined> {
  const own = join(folder, "validator_keys");
  const keys = (await names(own)).some(isKeystore) ? own : (await names(folder)).some(isKeystore) ? folder : undefined;
  if (keys === undefined) return undefined;
  const definition = await firstFile(
    [keys, dirname(keys), dirname(dirname(keys))].map((place) => join(place, "cluster-lock.json")),
  );
  return {keys, ...(definition !== undefined && {definition})};
}

async function ssvFilesIn(folder: string): Promise<ShareFiles | undefined> {
  const keys = await firstFile(operatorKeys.map((name) => join(folder, name)));
  if (keys === undefined) return undefined;
  const password = await firstFile([join(folder, "password"), join(folder, "password.txt"), join(folder, "password-file")]);
  const places = ssvFolders.includes(basename(folder)) ? [folder, dirname(folder)] : [folder];
  const keyshares = (await Promise.all(places.map(keysharesIn))).flat();
  return {keys, ...(password !== undefined && {password}), ...(keyshares[0] !== undefined && {definition: keyshares[0]})};
}

/** The newest last by name, because ssv-keys names them by their time. */
const keysharesIn = async (folder: string): Promise<string[]> =>
  (await names(folder))
    .filter((name) => /^keyshares.*\.json$/i.test(name))
    .sort()
    .reverse()
    .map((name) => join(folder, name));

/** The names in a folder; none if it is not there or may not be read. */
const names = (folder: string): Promise<string[]> => readdir(folder).catch(() => []);

async function firstFile(paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) if ((await stat(path).catch(() => undefined))?.isFile()) return path;
  return undefined;
}
