import {describe, expect, it} from "vitest";
import type {Cluster, Validator} from "../../../../src/clusters/cluster.js";
import {toClusters} from "../../../../src/clusters/clusters.js";
import {createHolding} from "../../../../src/clusters/live/holding.js";
import {placeClusters} from "../../../../src/clusters/live/placeClusters.js";

const validators = new Map([..."abcdef"].map((key) => [key, {publicKeyHex: key} as Validator]));
/** "A:ab B:c": clusters of validators with these keys, which nobody looks at. */
const toAll = (text: string): Cluster[] =>
  text.split(" ").map((one) => {
    const [id = "", keys = ""] = one.split(":");
    const own = new Map([...keys].map((key) => [key, validators.get(key) as Validator]));
    return {id, operatorIds: [], type: "OBOL", network: "hoodi", threshold: 3, validators: own};
  });
const toText = (clusters: readonly Cluster[]): string =>
  clusters.map((it) => `${it.id}:${[...it.validators.keys()].join("")}`).join(" ");
const holdersOf = (text: string): Map<string, string> =>
  new Map(toAll(text).flatMap((it) => [...it.validators.keys()].map((key): [string, string] => [key, it.id])));
const inForceOf = (text: string) => toClusters(text === "" ? [] : toAll(text));

type Row = {id: string; wanted: string; inForce?: string; held?: string; expected: string; contested?: string};

describe("a validator", () => {
  it.each<Row>([
    {id: "is its only cluster's", wanted: "A:ab B:cd", expected: "A:ab B:cd"},
    {
      id: "stays with who had it first, who is listed last",
      wanted: "A:ab B:bc",
      held: "B:b",
      expected: "A:a B:bc",
      contested: "A",
    },
    {
      id: "stays with who had it first, who is listed first",
      wanted: "A:ab B:bc",
      held: "A:b",
      expected: "A:ab B:c",
      contested: "B",
    },
    {
      id: "belongs to its holder, even while that cluster is missing",
      wanted: "A:ab",
      held: "B:b",
      expected: "A:a",
      contested: "A",
    },
    {id: "is nobody's of two that name it at once", wanted: "A:ab B:bc", expected: "A:a B:c", contested: "A B"},
    {id: "stays with who has it in force", wanted: "A:ab B:bc", inForce: "A:a B:bc", expected: "A:a B:bc", contested: "A"},
    {
      id: "is moved by who decides that",
      wanted: "A:ab B:bc",
      inForce: "A:a B:bc",
      held: "A:b",
      expected: "A:ab B:c",
      contested: "B",
    },
    {
      id: "costs a cluster that has no other nothing but itself",
      wanted: "A:a B:a",
      held: "B:a",
      expected: "A: B:a",
      contested: "A",
    },
  ])("$id", async ({wanted, inForce = "", held = "", expected, contested = ""}) => {
    const asked: string[] = [];
    const find = async (keys: ReadonlyMap<string, unknown>) => {
      asked.push([...keys.keys()].join(""));
      return held === "" ? new Map<string, string>() : holdersOf(held);
    };
    const holding = createHolding();
    const clusters = toAll(wanted);
    const holders = await holding.holdersOf(clusters, inForceOf(inForce), find);
    const placed = placeClusters(clusters, holders, inForceOf(inForce));
    expect(toText(placed.clusters)).toBe(expected);
    expect([...placed.contested.keys()].join(" ")).toBe(contested);
    for (const {code} of placed.contested.values()) expect(code).toBe("VALIDATOR_IN_TWO_CLUSTERS");
  });

  it("goes, where nobody had it, to the one who wants it, and to nobody where several do", async () => {
    let wanted: ReadonlyMap<string, string | undefined> = new Map();
    const claim = async (keys: ReadonlyMap<string, string | undefined>) => {
      wanted = keys;
      return new Map<string, string>();
    };
    await createHolding().holdersOf(toAll("A:abc B:cd"), inForceOf("B:d"), claim);
    expect(Object.fromEntries(wanted)).toEqual({a: "A", b: "A", c: undefined, d: "B"});
  });

  it("is asked about once, unless it is contested", async () => {
    const asked: string[] = [];
    const held = holdersOf("A:ab B:cd");
    const find = async (keys: ReadonlyMap<string, unknown>) => {
      asked.push([...keys.keys()].join(""));
      return new Map([...held].filter(([key]) => keys.has(key)));
    };
    const holding = createHolding();
    for (const all of ["A:ab B:cd", "A:ab B:cd", "A:abc B:cd", "A:abc B:cd", "A:ab B:cd"]) {
      await holding.holdersOf(toAll(all), inForceOf(""), find);
    }
    expect(asked).toEqual(["abcd", "c", "c"]);
  });
});

describe("placeClusters", () => {
  it("names the cluster, the first key, how many more, and whose it is", () => {
    const [clusters, holders] = [toAll("alpha:a beta:abc"), holdersOf("alpha:abc")];
    const error = placeClusters(clusters, holders, inForceOf("")).contested.get("beta");
    expect(error?.message).toMatch(/beta.*validator a and 2 others.*alpha.*dvt clusters move/);
  });

  it("gives the same validators as long as nothing changes", () => {
    const [clusters, holders] = [toAll("A:ab B:b"), holdersOf("A:a B:b")];
    const first = toClusters(placeClusters(clusters, holders, inForceOf("")).clusters);
    const again = toClusters(placeClusters(toAll("A:ab B:b"), holders, first).clusters);
    expect(again.byId("A")?.validators).toBe(first.byId("A")?.validators);
  });
});
