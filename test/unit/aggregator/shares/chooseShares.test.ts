import {setTimeout as delay} from "node:timers/promises";
import {describe, expect, it} from "vitest";
import {chooseShares} from "../../../../src/aggregator/shares/chooseShares.js";
import type {SignatureShare} from "../../../../src/aggregator/shares/shareGroup.js";
import type {WaitingItem} from "../../../../src/runtime/batches.js";
import {aSecretKey, idsUpTo} from "../../../support/examples/keys.js";

type Share = SignatureShare<unknown>;
type Options = {threshold?: number; size?: number; waitedMs?: number};

/** Made once: shares that are made one after the other have to come at about the same time. */
const publicKey = aSecretKey().toPublicKey();

/** WaitingItem shares of one exit, with the fields that are read. */
function waits(
  key: string,
  shareIndexes: readonly number[],
  {threshold = 3, size = 4, waitedMs = 0}: Options = {},
): WaitingItem<Share>[] {
  const publicKeyShares = new Map(idsUpTo(size).map((id) => [id, publicKey]));
  const validator = {publicKeyHex: key, publicKey, publicKeyShares};
  return shareIndexes.map((shareIndex) => {
    const read: Pick<Share, "key" | "shareIndex" | "threshold" | "validator"> = {key, shareIndex, threshold, validator};
    return {item: read as Share, sinceMs: performance.now() - waitedMs};
  });
}

const choose = async (waiting: readonly WaitingItem<Share>[]): Promise<string[]> =>
  (await chooseShares(waiting, (withinMs) => delay(withinMs))).map(({item: {key, shareIndex}}) => `${key}/${shareIndex}`);

const shuffled = (...exits: WaitingItem<Share>[][]): WaitingItem<Share>[] => {
  const longest = Math.max(...exits.map(({length}) => length));
  return Array.from({length: longest}, (_, position) => exits.flatMap((exit) => exit[position] ?? [])).flat();
};

describe("exits that can be completed go first", () => {
  it("with all of their shares that are here, even beyond the threshold", async () => {
    const waiting = shuffled(waits("a", [1, 2]), waits("b", [1, 2, 3, 4]), waits("c", [4]));
    expect(await choose(waiting)).toEqual(["b/1", "b/2", "b/3", "b/4"]);
  });

  it("each by the threshold of its own cluster", async () => {
    const waiting = shuffled(
      waits("a", [1, 2, 3, 4], {threshold: 5, size: 7}),
      waits("b", [2], {threshold: 1}),
      waits("c", [2, 7]),
    );
    expect(await choose(waiting)).toEqual(["b/2"]);
  });

  it("and are not thought to be complete because one share came several times", async () => {
    const waiting = shuffled(waits("a", [1, 1, 1, 2]), waits("b", [2, 3, 4]));
    expect(await choose(waiting)).toEqual(["b/2", "b/3", "b/4"]);
  });

  it("before them those that have all of their shares here, of which none comes late", async () => {
    const waiting = shuffled(waits("a", [1, 2, 3]), waits("b", [1, 2, 3, 4]), waits("c", [2, 3, 4]), waits("d", [4, 3, 2, 1]));
    expect(new Set(await choose(waiting))).toEqual(new Set(["b", "d"].flatMap((key) => idsUpTo(4).map((id) => `${key}/${id}`))));
    expect(new Set(await choose(shuffled(waits("a", [1, 2, 3]), waits("c", [2, 3, 4]), waits("e", [1, 2]))))).toEqual(
      new Set(["a/1", "a/2", "a/3", "c/2", "c/3", "c/4"]),
    );
  });

  it.each([
    {id: "enough", shareIndexes: [1, 1, 2, 3]},
    {id: "all", shareIndexes: [1, 2, 3, 4, 4]},
  ])("32 of them at once, with the copies of their shares: exits that have $id", async ({shareIndexes}) => {
    const exits = Array.from({length: 40}, (_, position) => waits(`exit ${position}`, shareIndexes));
    const chosen = await choose(shuffled(...exits));
    expect(chosen).toHaveLength(32 * shareIndexes.length);
    expect(new Set(chosen.map((it) => it.split("/")[0]))).toEqual(new Set(exits.slice(0, 32).map((it) => it[0]?.item.key)));
  });
});

describe("where no exit can be completed", () => {
  it("everything that is here goes, in the order in which it came", async () => {
    const waiting = shuffled(waits("a", [1, 2]), waits("b", [3, 3, 3]), waits("c", [4]));
    expect(await choose(waiting)).toEqual(["a/1", "b/3", "c/4", "a/2", "b/3", "b/3"]);
  });

  it("at most 128 go, the first that came", async () => {
    const waiting = Array.from({length: 200}, (_, position) => waits(`exit ${position}`, [1])).flat();
    expect(await choose(waiting)).toEqual(Array.from({length: 128}, (_, position) => `exit ${position}/1`));
  });

  it("the others of an exit are given a moment to come too", async () => {
    const waiting = [...waits("a", [1]), ...waits("b", [1, 2])];
    const choosing = choose(waiting);
    waiting.push(...waits("b", [4]));
    expect(await choosing).toEqual(["b/1", "b/2", "b/4"]);
  });
});

describe("a share of an exit that cannot be completed", () => {
  const chooseNow = async (waiting: readonly WaitingItem<Share>[]): Promise<string[]> => {
    const more = () => Promise.reject(new Error("it waits"));
    return (await chooseShares(waiting, more)).map(({item: {key, shareIndex}}) => `${key}/${shareIndex}`);
  };

  it("waits for the others, but not again where it has done so", async () => {
    await expect(chooseNow(waits("a", [1]))).rejects.toThrow("it waits");
    expect(await chooseNow(waits("a", [1], {waitedMs: 1000}))).toEqual(["a/1"]);
  });

  it("goes with those of its exit, and not with what came a moment ago", async () => {
    const waiting = [...waits("a", [1], {waitedMs: 1000}), ...waits("b", [1]), ...waits("a", [2])];
    expect(await chooseNow(waiting)).toEqual(["a/1", "a/2"]);
  });
});

describe("what has waited long", () => {
  it("goes before the exits that can be completed, with what came next", async () => {
    const waiting = [...waits("a", [1], {waitedMs: 6000}), ...waits("b", [1, 2, 3])];
    expect(await choose(waiting)).toEqual(["a/1", "b/1", "b/2", "b/3"]);
  });

  it("goes 128 at once, the first that came", async () => {
    const old = Array.from({length: 130}, (_, position) => waits(`exit ${position}`, [1], {waitedMs: 6000})).flat();
    const chosen = await choose([...old, ...waits("b", [1, 2, 3])]);
    expect(chosen).toEqual(Array.from({length: 128}, (_, position) => `exit ${position}/1`));
  });

  it("is not what came a moment ago", async () => {
    const waiting = [...waits("a", [1], {waitedMs: 1000}), ...waits("b", [1, 2, 3])];
    expect(await choose(waiting)).toEqual(["b/1", "b/2", "b/3"]);
  });
});
