import {describe, expect, it} from "vitest";
import {createLateShares} from "../../../../src/aggregator/exits/lateShares.js";
import type {LateShare} from "../../../../src/store/exits.js";

/** Late shares, and what was written of them at a time. */
function record(addLate: (late: readonly LateShare[]) => Promise<void> = async () => {}) {
  const written: LateShare[][] = [];
  const lateShares = createLateShares({
    async addLate(late) {
      await addLate(late);
      written.push([...late]);
    },
  });
  const add = (exit: number, {shareIndex = 4, clusterId = "c1", cameAt = exit} = {}): void =>
    lateShares.add({clusterId, exitKey: `exit ${exit}`, shareIndex, cameAt});
  return {lateShares, add, written};
}
const range = (count: number): number[] => Array.from({length: count}, (_, position) => position);

describe("late shares", () => {
  it("are written once, the first of an exit and a share index", async () => {
    const {lateShares, add, written} = record();
    add(1);
    add(1, {cameAt: 7});
    add(1, {shareIndex: 3});
    await lateShares.flush();
    await lateShares.flush();
    expect(written).toEqual([
      [
        {exitKey: "exit 1", shareIndex: 4, cameAt: 1},
        {exitKey: "exit 1", shareIndex: 3, cameAt: 1},
      ],
    ]);
  });

  it("are written a thousand at a time", async () => {
    const {lateShares, add, written} = record();
    for (const exit of range(2100)) add(exit);
    await lateShares.flush();
    expect(written.map(({length}) => length)).toEqual([1000, 1000, 100]);
  });

  it("of a sidecar that floods are forgotten, and leave those of others alone", async () => {
    const {lateShares, add, written} = record();
    for (const exit of range(9000)) add(exit);
    for (const exit of range(10)) add(exit, {shareIndex: 3});
    for (const exit of range(10)) add(exit, {clusterId: "c2"});
    await lateShares.flush();
    const all = written.flat();
    expect(all.filter(({shareIndex}) => shareIndex === 3)).toHaveLength(10);
    expect(all).toHaveLength(2500 + 20);
  });

  it("of very many sidecars are forgotten too, until those before are written", async () => {
    const {lateShares, add, written} = record();
    for (const shareIndex of range(12)) for (const exit of range(2500)) add(exit, {shareIndex});
    await lateShares.flush();
    expect(written.flat()).toHaveLength(25_000);
    add(1);
    await lateShares.flush();
    expect(written.flat()).toHaveLength(25_001);
  });

  it("that could not be written are written the next time, together with later ones", async () => {
    let fails = true;
    const {lateShares, add, written} = record(async () => {
      if (fails) throw new Error("unavailable");
    });
    add(1);
    await expect(lateShares.flush()).rejects.toThrow("unavailable");
    fails = false;
    add(2);
    await lateShares.flush();
    expect(written.flat().map(({exitKey}) => exitKey)).toEqual(["exit 1", "exit 2"]);
  });

  it("of an exit that come while it is written are known already", async () => {
    const {lateShares, add, written} = record(async () => add(1));
    add(1);
    await lateShares.flush();
    await lateShares.flush();
    expect(written.flat()).toHaveLength(1);
  });
});
