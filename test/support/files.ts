import {chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {dirname, join} from "node:path";
import {afterAll} from "vitest";

/** Path of a file that another program wrote. */
export const fixture = (...path: string[]): string => join(import.meta.dirname, "../fixtures", ...path);

/** Values that another implementation computed. */
export const vector = <T>(name: string): T =>
  JSON.parse(readFileSync(join(import.meta.dirname, "../vectors", name), "utf8")) as T;

/** A folder of this test file's own, gone after its last test. */
export function useFolder() {
  const folder = mkdtempSync(join(tmpdir(), "dvt-unit-"));
  afterAll(() => rmSync(folder, {recursive: true, force: true}));
  const path = (...parts: string[]): string => join(folder, ...parts);
  let count = 0;
  return {
    path,
    /** A path in it that nothing has used yet. */
    fresh: (): string => path(`fresh-${++count}`),
    /** Writes text as it is and anything else as JSON; returns the path. */
    write(name: string, content: unknown, mode = 0o644): string {
      mkdirSync(dirname(path(name)), {recursive: true});
      // To empty a file that was just written, ext4 waits for the disk.
      rmSync(path(name), {force: true});
      writeFileSync(path(name), typeof content === "string" ? content : JSON.stringify(content));
      chmodSync(path(name), mode);
      return path(name);
    },
  };
}
