import {describe, expect, it} from "vitest";
import {scaleOf} from "../../../../src/console/page/scaleOf.js";

describe("the scale of a time line", () => {
  it("is the time's own while nothing takes longer than a second", () => {
    const {positionOf, shortened} = scaleOf([1000, 1010, 1040]);
    expect([1000, 1010, 1040].map(positionOf)).toEqual([0, 0.25, 1]);
    expect(shortened).toEqual([]);
  });

  it("shortens each longer gap, and says how long it was", () => {
    const {positionOf, shortened} = scaleOf([0, 40, 720_040]);
    expect(positionOf(40)).toBeCloseTo(0.88);
    expect(positionOf(720_040)).toBeCloseTo(1);
    expect(shortened).toEqual([{from: positionOf(40), to: positionOf(720_040), ms: 720_000}]);
  });

  it.each([
    {id: "one moment", times: [5]},
    {id: "one moment, twice", times: [5, 5]},
    {id: "long gaps alone", times: [0, 60_000, 7_000_000]},
    {id: "many long gaps", times: [0, 1, ...Array.from({length: 30}, (_, i) => (i + 1) * 60_000)]},
  ])("stays between its ends, in order: $id", ({times}) => {
    const positions = times.map(scaleOf(times).positionOf);
    expect([...positions].sort((a, b) => a - b)).toEqual(positions);
    for (const position of positions) expect(position).toSatisfy((it: number) => it >= 0 && it <= 1.0001);
  });
});
