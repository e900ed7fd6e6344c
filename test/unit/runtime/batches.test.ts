import {setImmediate as yieldToEventLoop} from "node:timers/promises";
import {expect, it} from "vitest";
import {createBatches} from "../../../src/runtime/batches.js";

const firstTwo = async <T>(waiting: readonly T[]): Promise<readonly T[]> => waiting.slice(0, 2);

it("does what comes while a batch is at work together, in the order in which it came", async () => {
  const batches: (readonly number[])[] = [];
  let come: Promise<unknown> | undefined;
  const add = createBatches<number>(async (batch) => {
    batches.push(batch);
    come ??= Promise.all([2, 3, 4].map(add));
    await yieldToEventLoop();
    return [];
  });
  await add(1);
  await come;
  await add(5);
  expect(batches).toEqual([[1], [2, 3, 4], [5]]);
});

it("takes those that are chosen, and the others later", async () => {
  const batches: (readonly number[])[] = [];
  const add = createBatches<number>(
    async (batch) => {
      batches.push(batch);
      return [];
    },
    async (waiting) => {
      const even = waiting.filter(({item}) => item % 2 === 0);
      return even.length > 0 ? even : waiting;
    },
  );
  await Promise.all([1, 2, 3, 4, 5].map(add));
  expect(batches).toEqual([
    [2, 4],
    [1, 3, 5],
  ]);
});

it("gives each item its outcome, even one that is known only after the next batch", async () => {
  let tell = (_: string): void => {};
  const later = new Promise<string>((resolve) => {
    tell = resolve;
  });
  const add = createBatches<number, string>(
    async (batch) => batch.map((item) => (item === 2 ? later : `${item} done`)),
    firstTwo,
  );
  const [first, second, third] = [add(1), add(2), add(3)];
  expect(await first).toBe("1 done");
  expect(await third).toBe("3 done");
  tell("2 done at last");
  expect(await second).toBe("2 done at last");
});

it("fails for those of the batch that failed, and for no others", async () => {
  const add = createBatches<number>(async (batch) => {
    if (batch.includes(2)) throw new Error("no");
    return [];
  }, firstTwo);
  const settled = await Promise.allSettled([1, 2, 3].map(add));
  expect(settled.map(({status}) => status)).toEqual(["rejected", "rejected", "fulfilled"]);
  await expect(add(4)).resolves.toBeUndefined();
});
