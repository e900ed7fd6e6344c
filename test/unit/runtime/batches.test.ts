import {expect, it} from "vitest";
import {createBatches} from "../../../src/runtime/batches.js";

it("does what comes while a batch is at work together, in the order in which it came", async () => {
  const batches: (readonly number[])[] = [];
  const add = createBatches<number>(async (batch) => {
    batches.push(batch);
    await new Promise((resolve) => setImmediate(resolve));
  });
  const first = add(1);
  await Promise.resolve();
  await Promise.all([first, ...[2, 3, 4].map(add)]);
  await add(5);
  expect(batches).toEqual([[1], [2, 3, 4], [5]]);
});

it("fails for those of the batch that failed, and for no others", async () => {
  const add = createBatches<number>(async (batch) => {
    if (batch.includes(2)) throw new Error("no");
  });
  const first = add(1);
  await Promise.resolve();
  const settled = await Promise.allSettled([first, add(2), add(3)]);
  expect(settled.map(({status}) => status)).toEqual(["fulfilled", "rejected", "rejected"]);
  await expect(add(4)).resolves.toBeUndefined();
});
