import {expect, it} from "vitest";
import {createRecent} from "../../../../src/gateway/caches/recent.js";

it("remembers a key for a time, counted from the last time that it was added", () => {
  let now = 0;
  const recent = createRecent(100, () => now);
  recent.add("a");
  now = 60;
  recent.add("b");
  recent.add("a");
  now = 110;
  expect(["a", "b", "c"].map(recent.has)).toEqual([true, true, false]);
  now = 160;
  expect(["a", "b"].map(recent.has)).toEqual([false, false]);
});
