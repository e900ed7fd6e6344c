import {expect, it} from "vitest";
import {addCollected, type Sample} from "../../../src/metrics/addCollected.js";
import {aRegistry} from "../../support/aRegistry.js";

const gauges = [
  {name: "dvt_open", help: "open", labelNames: ["cluster"]},
  {name: "dvt_oldest", help: "oldest"},
];

it("asks once for each scrape, however many gauges there are, and shows what was answered last", async () => {
  const {registry, lines} = aRegistry();
  const answers: Sample[][] = [
    [
      {name: "dvt_open", labels: {cluster: "a"}, value: 1},
      {name: "dvt_open", labels: {cluster: "b"}, value: 2},
      {name: "dvt_oldest", value: 7},
    ],
    [{name: "dvt_open", labels: {cluster: "b"}, value: 3}],
  ];
  addCollected(registry, gauges, {collect: async () => answers.shift() ?? []});
  expect(await lines()).toEqual(['dvt_open{cluster="a"} 1', 'dvt_open{cluster="b"} 2', "dvt_oldest 7"]);
  expect(await lines()).toEqual(['dvt_open{cluster="b"} 3']);
  expect(answers).toEqual([]);
});

it("leaves out what cannot be asked for, reports why, and serves the others", async () => {
  const {registry, lines} = aRegistry();
  const reported: string[] = [];
  addCollected(registry, gauges, {
    collect: () => Promise.reject(new Error("mongodb is away")),
    onError: ({message}) => reported.push(message),
  });
  addCollected(registry, [{name: "dvt_other", help: "other"}], {collect: async () => [{name: "dvt_other", value: 1}]});
  expect(await lines()).toEqual(["dvt_other 1"]);
  expect(reported).toEqual(["mongodb is away"]);
});

it("leaves out what takes too long", async () => {
  const {registry, lines} = aRegistry();
  const reported: string[] = [];
  addCollected(registry, gauges, {
    collect: () => new Promise(() => {}),
    onError: ({message}) => reported.push(message),
    withinMs: 1,
  });
  expect(await lines()).toEqual([]);
  expect(reported).toEqual(["no answer within 0.001 s"]);
});
