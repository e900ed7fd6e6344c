import {describe, expect, it} from "vitest";
import {processProblem, readLimits} from "../../../src/cli/processProblem.js";

describe("a process", () => {
  it.each([
    {id: "a heap of 112 MiB", limits: {heapMib: 112, openFiles: 4096}, says: "--max-old-space-size"},
    {id: "256 open files", limits: {heapMib: 4144, openFiles: 256}, says: "ulimit -n"},
  ])("with $id is told what to set", ({limits, says}) => {
    expect(processProblem(limits)).toContain(says);
  });

  it.each([
    {id: "what 512 MiB of memory give, and systems as they come", limits: {heapMib: 256, openFiles: 1024}},
    {id: "no word of files", limits: {heapMib: 4144, openFiles: undefined}},
  ])("starts with $id", ({limits}) => {
    expect(processProblem(limits)).toBeUndefined();
  });

  it("knows its own limits", async () => {
    const {heapMib, openFiles} = await readLimits();
    expect(heapMib).toBeGreaterThan(100);
    if (process.platform === "linux") expect(openFiles).toBeGreaterThan(100);
  });
});
