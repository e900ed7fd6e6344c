import {describe, expect, it} from "vitest";
import type {Cluster, Validator} from "../../../../src/clusters/cluster.js";
import {type Placing, placeClusters} from "../../../../src/clusters/live/placeClusters.js";

/** A cluster of validators with these keys, which nobody looks at. */
const cluster = (id: string, keys: string): Cluster => ({
  id,
  operatorIds: [],
  ...{type: "OBOL", network: "hoodi", threshold: 3},
  validators: new Map([...keys].map((key) => [key, {publicKeyHex: key} as Validator])),
});
const fresh = (id: string, keys: string): Placing => ({id, wanted: cluster(id, keys)});
const unchanged = (id: string, keys: string): Placing => {
  const inForce = cluster(id, keys);
  return {id, inForce, wanted: inForce};
};
const changed = (id: string, before: string, after: string): Placing => ({
  id,
  inForce: cluster(id, before),
  wanted: cluster(id, after),
});
const refusedBefore = (id: string, keys: string): Placing => ({id, inForce: cluster(id, keys)});

describe("placeClusters", () => {
  it.each<{id: string; placings: Placing[]; expected: string; refused?: string}>([
    {id: "takes those that share nothing", placings: [fresh("A", "ab"), fresh("B", "cd")], expected: "A:ab B:cd"},
    {
      id: "gives a key to the first of two new ones",
      placings: [fresh("A", "ab"), fresh("B", "bc"), fresh("C", "d")],
      expected: "A:ab C:d",
      refused: "B",
    },
    {
      id: "leaves a key with the one that has it, also if it comes later",
      placings: [changed("A", "a", "ab"), unchanged("B", "b")],
      expected: "A:a B:b",
      refused: "A",
    },
    {
      id: "leaves a new one out that wants a key in force",
      placings: [fresh("A", "b"), unchanged("B", "b")],
      expected: "B:b",
      refused: "A",
    },
    {
      id: "lets a key move from the first to the second",
      placings: [changed("A", "ab", "a"), changed("B", "c", "bc")],
      expected: "A:a B:bc",
    },
    {
      id: "lets a key move from the second to the first",
      placings: [changed("A", "a", "ab"), changed("B", "bc", "c")],
      expected: "A:ab B:c",
    },
    {
      id: "keeps a key where the change that gives it away is refused",
      placings: [changed("A", "a", "ab"), refusedBefore("B", "bc")],
      expected: "A:a B:bc",
      refused: "A",
    },
    {
      id: "undoes a move whose one end is refused by another conflict",
      placings: [changed("A", "a", "ab"), changed("B", "b", "d"), unchanged("D", "d")],
      expected: "A:a B:b D:d",
      refused: "A B",
    },
    {id: "leaves out what is neither in force nor wanted", placings: [{id: "A"}, fresh("B", "b")], expected: "B:b"},
  ])("$id", ({placings, expected, refused = ""}) => {
    const placed = placeClusters(placings);
    expect(placed.clusters.map(({id, validators}) => `${id}:${[...validators.keys()].join("")}`).join(" ")).toBe(expected);
    expect([...placed.refused.keys()].sort().join(" ")).toBe(refused);
    for (const {code} of placed.refused.values()) expect(code).toBe("VALIDATOR_IN_TWO_CLUSTERS");
  });

  it("names both clusters and the key", () => {
    const [error] = placeClusters([fresh("alpha", "a"), fresh("beta", "a")]).refused.values();
    expect(error?.message).toMatch(/beta.*validator a .*alpha/);
  });
});
