import {readdirSync, readFileSync, statSync} from "node:fs";
import {dirname, join} from "node:path";
import {describe, expect, it} from "vitest";
import {replaceFile} from "../../../src/runtime/replaceFile.js";
import {useFolder} from "../../support/files.js";

const folder = useFolder();

describe("replaceFile", () => {
  it("puts the content in the place of the file, with this mode, and returns it open", async () => {
    const path = folder.write("replaced", "old");
    const handle = await replaceFile(path, "new", {temporary: `${path}.tmp`, mode: 0o600});
    expect((await handle.stat()).ino).toBe(statSync(path).ino);
    await handle.close();
    expect(readFileSync(path, "utf8")).toBe("new");
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(dirname(path))).not.toContain("replaced.tmp");
  });

  it("leaves the old file where the last check throws", async () => {
    const path = folder.write("kept", "old");
    const lastCheck = (): void => {
      throw new Error("taken over");
    };
    const replacing = replaceFile(path, "new", {temporary: join(dirname(path), "kept.tmp"), mode: 0o600, lastCheck});
    await expect(replacing).rejects.toThrow("taken over");
    expect(readFileSync(path, "utf8")).toBe("old");
  });
});
