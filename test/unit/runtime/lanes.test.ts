import {expect, it} from "vitest";
import {createLanes} from "../../../src/runtime/lanes.js";

/** Lanes whose items end when the test says so. */
function heldLanes(most: number) {
  const begun: string[] = [];
  const ends = new Map<string, (restMs: number) => void>();
  const lanes = createLanes<string>({
    most,
    work(item) {
      begun.push(item);
      return new Promise((resolve) => ends.set(item, resolve));
    },
  });
  const end = async (item: string, restMs = 0): Promise<void> => {
    ends.get(item)?.(restMs);
    await new Promise(setImmediate);
  };
  return {lanes, begun, end};
}

it("handles one item of each sender at a time, in their order", async () => {
  const {lanes, begun, end} = heldLanes(8);
  for (const [sender, item] of [
    ["a", "a1"],
    ["a", "a2"],
    ["b", "b1"],
  ] as const)
    lanes.add(sender, item);
  expect(begun).toEqual(["a1", "b1"]);
  await end("a1");
  expect(begun).toEqual(["a1", "b1", "a2"]);
});

it("drops what is more than may wait, of that sender alone", async () => {
  const {lanes, begun, end} = heldLanes(1);
  expect(["a1", "a2", "a3"].map((item) => lanes.add("a", item))).toEqual([true, true, false]);
  expect(lanes.add("b", "b1")).toBe(true);
  await end("a1");
  await end("a2");
  expect(begun).toEqual(["a1", "b1", "a2"]);
  expect(lanes.add("a", "a4")).toBe(true);
});

it("lets a sender rest before its next item", async () => {
  const {lanes, begun, end} = heldLanes(8);
  lanes.add("a", "a1");
  lanes.add("a", "a2");
  await end("a1", 86_400_000);
  expect(begun).toEqual(["a1"]);
  await lanes.stop();
});

it("waits at its end for what it handles, and drops the rest", async () => {
  const {lanes, begun, end} = heldLanes(8);
  lanes.add("a", "a1");
  lanes.add("a", "a2");
  const stopped = lanes.stop();
  await end("a1");
  await stopped;
  expect(begun).toEqual(["a1"]);
  expect(lanes.add("b", "b1")).toBe(false);
});
