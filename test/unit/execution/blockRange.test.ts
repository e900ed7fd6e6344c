import {describe, expect, it} from "vitest";
import {createBlockRange} from "../../../src/execution/blockRange.js";

describe("a range of blocks", () => {
  it("doubles while it is answered, up to the most", () => {
    const range = createBlockRange({first: 100, most: 700});
    const sizes = Array.from({length: 4}, () => {
      range.answered();
      return range.blocks();
    });
    expect(sizes).toEqual([200, 400, 700, 700]);
  });

  it("is half of what was refused, and one block at the least", () => {
    const range = createBlockRange({first: 10_000});
    range.refused(301);
    expect(range.blocks()).toBe(150);
    range.refused(1);
    expect(range.blocks()).toBe(1);
  });

  it("grows after a refusal only now and then", () => {
    const range = createBlockRange({first: 100});
    range.refused(100);
    const sizes = Array.from({length: 20}, () => {
      range.answered();
      return range.blocks();
    });
    expect(sizes).toEqual([...Array(9).fill(50), ...Array(10).fill(100), 200]);
  });
});
