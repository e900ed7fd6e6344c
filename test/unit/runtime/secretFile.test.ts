import {chmodSync, mkdirSync} from "node:fs";
import {describe, expect, it} from "vitest";
import {canOthersRead, readKeyFile} from "../../../src/runtime/secretFile.js";
import {useFolder} from "../../support/files.js";

const folder = useFolder();

describe("readKeyFile", () => {
  it.each([0o600, 0o400])("reads a file of mode %o", async (mode) => {
    const path = folder.write("key", "text", mode);
    await expect(readKeyFile(path, "the key", {allowExposed: false})).resolves.toBe("text");
  });

  it.each([0o640, 0o620, 0o604, 0o644, 0o666, 0o610, 0o601])(
    "refuses one of mode %o, and reads it when told to",
    async (mode) => {
      const path = folder.write("key", "text", mode);
      await expect(readKeyFile(path, "the key", {allowExposed: false})).rejects.toMatchObject({
        code: "KEY_FILE_EXPOSED",
        message: expect.stringContaining(`chmod 600 ${path}`),
      });
      await expect(readKeyFile(path, "the key", {allowExposed: true})).resolves.toBe("text");
    },
  );

  it.each([true, false])("reports a missing file, whether exposed files are allowed or not: %s", async (allowExposed) => {
    await expect(readKeyFile(folder.fresh(), "the key", {allowExposed})).rejects.toMatchObject({code: "FILE_MISSING"});
  });
});

describe("canOthersRead", () => {
  it.each([
    {folderMode: 0o755, fileMode: 0o644, others: true},
    {folderMode: 0o755, fileMode: 0o600, others: false},
    {folderMode: 0o700, fileMode: 0o644, others: false},
    {folderMode: 0o700, fileMode: 0o600, others: false},
  ])("is $others for mode $fileMode in a folder of mode $folderMode", async ({folderMode, fileMode, others}) => {
    const path = folder.fresh();
    mkdirSync(path);
    const file = folder.write(`${path.split("/").at(-1)}/password.txt`, "secret", fileMode);
    chmodSync(path, folderMode);
    await expect(canOthersRead(file)).resolves.toBe(others);
  });
});
