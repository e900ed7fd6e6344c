import {renameSync, rmSync, writeFileSync} from "node:fs";
import {describe, expect, it} from "vitest";
import {createFileReader} from "../../../../src/clusters/live/fileReader.js";
import {aCluster, type TestCluster} from "../../../support/examples/cluster.js";
import {useFolder} from "../../../support/files.js";

const folder = useFolder();
const [one, two] = [aCluster({validators: 1}), aCluster({validators: 1})];
const keyOf = ({definition}: TestCluster): string => [...definition.validators.keys()][0] as string;
let count = 0;
const start = (lock: unknown = one.lock) => {
  const name = `reader-${++count}`;
  const path = folder.write(`${name}/cluster-lock.json`, lock);
  const write = (file: string, content: unknown): string => folder.write(`${name}/${file}`, content);
  return {path, write, directory: folder.path(name)};
};

/** Replaced as a whole, by a file of the same length. */
const replace = (path: string, content: unknown): void => {
  writeFileSync(`${path}.new`, JSON.stringify(content));
  renameSync(`${path}.new`, path);
};

describe("createFileReader", () => {
  it("gives the same object while nothing has changed, and another once the file was replaced", async () => {
    const {path} = start();
    const reader = createFileReader(path, "hoodi");
    const first = await reader.read();
    expect(await reader.read()).toBe(first);
    replace(path, two.lock);
    expect([...((await reader.read())?.validators.keys() ?? [])]).toEqual([keyOf(two)]);
  });

  it("reads only new files of a directory, and forgets removed ones", async () => {
    const {directory, write} = start();
    const reader = createFileReader(directory, "hoodi");
    const before = await reader.read();
    const added = write("cluster-lock-2.json", two.lock);
    const both = await reader.read();
    expect([...(both?.validators.keys() ?? [])].sort()).toEqual([keyOf(one), keyOf(two)].sort());
    expect(both?.validators.get(keyOf(one))).toBe(before?.validators.get(keyOf(one)));
    rmSync(added);
    expect([...((await reader.read())?.validators.keys() ?? [])]).toEqual([keyOf(one)]);
  });

  it("gives the same error while nothing has changed, and another when it is still wrong after a change", async () => {
    const {path, write} = start("{]");
    const reader = createFileReader(path, "hoodi");
    const errorOf = (): Promise<unknown> => reader.read().catch((error) => error);
    const error = await errorOf();
    expect(error).toMatchObject({code: "CLUSTER_DEFINITION_UNKNOWN"});
    expect(await errorOf()).toBe(error);
    write("cluster-lock.json", '{"cluster');
    const later = await errorOf();
    expect(later).toMatchObject({code: "FILE_INCOMPLETE"});
    expect(later).not.toBe(error);
    write("cluster-lock.json", one.lock);
    expect(await reader.read()).toMatchObject({threshold: 3});
  });

  it("tries again what cannot be read, without calling it news", async () => {
    const {path} = start();
    rmSync(path);
    const reader = createFileReader(path, "hoodi");
    const error = await reader.read().catch((it) => it);
    expect(error).toMatchObject({code: "FILE_MISSING"});
    expect(await reader.read().catch((it) => it)).toBe(error);
    replace(path, one.lock);
    expect(await reader.read()).toMatchObject({threshold: 3});
  });
});
