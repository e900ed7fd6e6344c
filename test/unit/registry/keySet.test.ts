import {randomBytes} from "node:crypto";
import {expect, it} from "vitest";
import {createKeySet, markOf, marksIn} from "../../../src/registry/keySet.js";

it("has what was added, each once, however many there are", () => {
  const keys = Array.from({length: 5000}, () => `0x${randomBytes(48).toString("hex")}`);
  const [added, others] = [keys.slice(0, 3000), keys.slice(3000)];
  const set = createKeySet(4);
  for (const key of [...added, ...added]) set.add(markOf(key));
  expect(set.size).toBe(3000);
  expect(added.every((key) => set.has(markOf(key)))).toBe(true);
  expect(others.some((key) => set.has(markOf(key)))).toBe(false);
  expect([set.add(markOf(added[0] as string)), set.add(markOf(others[0] as string))]).toEqual([false, true]);
});

it("distinguishes marks that differ in one place only", () => {
  const marks = Array.from({length: 32}, (_, position) => "0".repeat(position).concat("1").padEnd(32, "0"));
  const set = createKeySet(64);
  for (const mark of marks) set.add(mark);
  expect([set.size, marks.every(set.has), set.has("2".padStart(32, "0"))]).toEqual([32, true, false]);
  expect([...marksIn(marks.join(""))]).toEqual(marks);
});
