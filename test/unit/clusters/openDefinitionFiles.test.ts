import {copyFile, mkdtemp, rm, utimes} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {fileURLToPath} from "node:url";
import {expect, it, onTestFinished} from "vitest";
import {openDefinitionFiles} from "../../../src/clusters/openDefinitionFiles.js";

const keyshares = fileURLToPath(new URL("../../fixtures/ssv-dkg/keyshares.json", import.meta.url));

it("verifies a definition once, and again when its file has changed", async () => {
  const folder = await mkdtemp(join(tmpdir(), "dvt-test-"));
  onTestFinished(() => rm(folder, {recursive: true, force: true}));
  const path = join(folder, "keyshares.json");
  await copyFile(keyshares, path);
  const read = openDefinitionFiles("hoodi");
  const first = await read(path);
  expect(await read(path)).toBe(first);
  await utimes(path, new Date(), new Date(0));
  expect(await read(path)).not.toBe(first);
});
