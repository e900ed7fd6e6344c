import {randomBytes} from "node:crypto";
import {chmodSync, chownSync, existsSync} from "node:fs";
import {chmod, chown, mkdir, rename, rm} from "node:fs/promises";
import {join} from "node:path";
import {readText, unwritable} from "../runtime/files.js";
import {replaceFile} from "../runtime/replaceFile.js";

/** User and group, as numbers; it counts only for root, who alone may give files away. */
export type Owner = {
  readonly user: number;
  readonly group: number;
  /** Whether the group reads what only the owner could otherwise. */
  readonly groupReads?: true;
};

type Access = {readonly mode: number; readonly owner?: Owner | undefined};

/** What a command makes in a folder: only what is not there yet. A file appears whole, with its mode and owner, or not at all. */
export type Making = {
  /** The paths of the files that were made, below the folder. */
  readonly made: readonly string[];
  has(path: string): boolean;
  path(path: string): string;
  read(path: string): Promise<string>;
  /** Makes the folder if it is not there; "" is the whole one. */
  folder(path: string, access: Access): Promise<void>;
  /** The text of the file, which is made if it is not there. */
  file(path: string, access: Access, make: () => string | Promise<string>): Promise<string>;
  /** Writes the file, whatever it was before. */
  rewrite(path: string, access: Access, text: string): Promise<void>;
};

/** Begins to make files in this folder. FILE_UNWRITABLE, FILE_UNREADABLE or DISK_UNAVAILABLE where that does not work. */
export function startMaking(root: string, {isRoot = process.getuid?.() === 0} = {}): Making {
  const made: string[] = [];
  const path = (below: string): string => join(root, below);
  const settle = ({mode, owner}: Access): Access => {
    if (!isRoot || owner === undefined) return {mode};
    // Whoever may enter or read as the owner.
    return {owner, mode: owner.groupReads ? mode | ((mode & 0o500) >> 3) : mode};
  };
  const write = (below: string, access: Access, text: string, unlessThere: boolean): Promise<void> =>
    inPlace(path(below), async (temporary) => {
      const {mode, owner} = settle(access);
      const lastCheck = (): void => {
        // The process's umask has no say.
        chmodSync(temporary, mode);
        if (owner) chownSync(temporary, owner.user, owner.group);
        if (unlessThere && existsSync(path(below))) throw new Error("another process has just made it");
      };
      await (await replaceFile(path(below), text, {temporary, mode: 0o600, lastCheck})).close();
    });
  const read = (below: string): Promise<string> => readText(path(below), "a file that was made before");
  return {
    made,
    path,
    read,
    has: (below) => existsSync(path(below)),
    async folder(below, access) {
      if (existsSync(path(below))) return;
      await inPlace(path(below), async (temporary) => {
        const {mode, owner} = settle(access);
        await mkdir(temporary);
        await chmod(temporary, mode);
        if (owner) await chown(temporary, owner.user, owner.group);
        await rename(temporary, path(below));
      });
    },
    async file(below, access, make) {
      if (existsSync(path(below))) return read(below);
      const text = await make();
      await write(below, access, text, true);
      made.push(below);
      return text;
    },
    async rewrite(below, access, text) {
      await write(below, access, text, false);
      made.push(below);
    },
  };
}

async function inPlace(path: string, work: (temporary: string) => Promise<void>): Promise<void> {
  const temporary = `${path}.${randomBytes(4).toString("hex")}.tmp`;
  try {
    await work(temporary);
  } catch (cause) {
    await rm(temporary, {recursive: true, force: true}).catch(() => {});
    throw unwritable(`write ${path}`, cause);
  }
}
