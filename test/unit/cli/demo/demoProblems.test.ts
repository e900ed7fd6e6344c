import {describe, expect, it} from "vitest";
import {demoProblems} from "../../../../src/cli/demo/demoProblems.js";

const usual = {network: "hoodi", clusterTypes: ["OBOL"], nodes: 4, threshold: 3, oracleCount: 11, oracleThreshold: 6};
const of = (clusterTypes: string[], nodes: number, threshold: number) => ({...usual, clusterTypes, nodes, threshold});

describe("demoProblems", () => {
  it.each([
    {id: "one Obol cluster", choice: usual},
    {id: "of any size", choice: of(["OBOL"], 6, 2)},
    {id: "one SSV cluster", choice: of(["SSV"], 4, 3)},
    {id: "of 13 operators", choice: of(["SSV"], 13, 9)},
    {id: "one of each", choice: of(["OBOL", "SSV"], 7, 5)},
    {id: "one's own Obol cluster", choice: {...usual, clusterLock: "x"}},
    {id: "no sidecars", choice: {...usual, sidecars: 0}},
    {id: "sidecars of one's own cluster, whose size is not known yet", choice: {...usual, clusterLock: "x", sidecars: 7}},
    {id: "validators to register", choice: {...usual, register: true, validators: 20, sidecars: 3}},
  ])("has none with $id", ({choice}) => {
    expect(demoProblems(choice)).toEqual([]);
  });

  it.each([
    {id: "an unknown network", choice: {...usual, network: "goerli"}, told: ["--network"]},
    {id: "a threshold above the nodes", choice: of(["OBOL"], 3, 4), told: ["--threshold"]},
    {id: "an oracle threshold above the oracles", choice: {...usual, oracleThreshold: 12}, told: ["--oracle-threshold"]},
    {id: "too many oracles", choice: {...usual, oracleCount: 257}, told: ["--oracle-count"]},
    {id: "more sidecars than nodes", choice: {...usual, sidecars: 5}, told: ["--sidecars"]},
    {id: "an unknown type", choice: of(["LIDO"], 4, 3), told: ["--cluster-type"]},
    {id: "no type", choice: of([""], 4, 3), told: ["--cluster-type"]},
    {id: "a type twice", choice: of(["SSV", "SSV"], 4, 3), told: ["--cluster-type"]},
    {id: "a number of operators that SSV has not", choice: of(["OBOL", "SSV"], 5, 4), told: ["--nodes"]},
    {id: "another threshold than SSV's", choice: of(["SSV"], 7, 4), told: ["--threshold"]},
    {id: "an SSV cluster beside one's own", choice: {...of(["SSV"], 4, 3), clusterLock: "x"}, told: ["--cluster-lock"]},
    {
      id: "several things, all of them",
      choice: {...of(["SSV"], 5, 6), network: "x", oracleCount: 300, oracleThreshold: 301},
      told: ["--network", "--threshold", "--nodes", "--oracle-threshold", "--oracle-count"],
    },
    ...[
      {clusterLock: "x"},
      {oracles: "x"},
      {httpPort: 0},
      {startIndex: 0},
      {output: "x"},
      {sidecars: 2},
      {oracleCount: 21},
      {validators: 21},
      {validators: 11, clusterTypes: ["OBOL", "SSV"]},
    ].map((other) => ({
      id: `--register beside ${Object.keys(other)[0]} ${Object.values(other)[0]}`,
      choice: {...usual, register: true, ...other},
      told: ["--register"],
    })),
  ])("reports $id", ({choice, told}) => {
    expect(demoProblems(choice).map((problem) => problem.split(" ")[0])).toEqual(told);
  });
});
