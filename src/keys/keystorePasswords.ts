import {readFile} from "node:fs/promises";
import {basename, dirname, join} from "node:path";
import {DvtError} from "../errors.js";
import {unreadable} from "../runtime/files.js";

/** The location of the passwords: one file for all keystores, or a directory of files; otherwise the .txt file beside each. */
export type PasswordPlace = {readonly file?: string | undefined; readonly directory?: string | undefined};

/** A password and its file. */
export type Password = {readonly path: string; readonly text: string};

/** Creates a reader of passwords; KEYSTORE_PASSWORD_MISSING names the expected files. */
export function createPasswordReader(place: PasswordPlace): (keystorePath: string, publicKey: string) => Promise<Password> {
  const known = new Map<string, Promise<string | undefined>>();
  // A file that is shared by many keystores is read once.
  const read = (path: string): Promise<string | undefined> => {
    const text = known.get(path) ?? readIfThere(path);
    known.set(path, text);
    return text;
  };
  return async (keystorePath, publicKey) => {
    const paths = pathsFor(keystorePath, publicKey, place);
    for (const path of paths) {
      const text = await read(path);
      if (text !== undefined) return {path, text};
    }
    const missing = `open ${keystorePath}: its password is missing; put it into ${paths.join(" or ")}`;
    throw new DvtError("KEYSTORE_PASSWORD_MISSING", missing);
  };
}

/** Teku names the password file after the keystore, with .txt; Lighthouse, Lodestar and Nimbus after the public key, without. */
function pathsFor(keystorePath: string, publicKey: string, {file, directory}: PasswordPlace): string[] {
  const name = basename(keystorePath, ".json");
  if (file !== undefined) return [file];
  if (directory === undefined) return [join(dirname(keystorePath), `${name}.txt`)];
  const folder = basename(dirname(keystorePath));
  const names = [name, publicKey, folder].filter((it) => it === name || /^0x[0-9a-f]{96}$/i.test(it));
  return [...new Set(names)].flatMap((it) => [join(directory, `${it}.txt`), join(directory, it)]);
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    const {code} = cause as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "EISDIR") return undefined;
    throw unreadable(path, "the password", cause);
  }
}
