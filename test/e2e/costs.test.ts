import {execFile} from "node:child_process";
import {readFile} from "node:fs/promises";
import {join} from "node:path";
import {promisify} from "node:util";
import {expect, it} from "vitest";
import {projectRoot} from "../../src/runtime/projectRoot.js";
import {temporaryFolder} from "../support/servers.js";

/**
 * Of one exit, of 64 that are asked for together: one message each way carries all of them. `perSecond` goes on with time, whatever is
 * asked for, and a busy machine takes more of it.
 */
const bounds = [
  {figure: "bus: stored in EXIT_REQUESTS", from: 1 / 64, to: 2 / 64},
  // One from each of the 4, and a second where a machine is so busy that a sidecar stalls.
  {figure: "bus: stored in EXIT_SHARES", from: 4 / 64, to: 8 / 64},
  // The operator's inbox: one completion, and a few again to an operator who was not known when it was published.
  {figure: "bus: stored in COMPLETIONS", from: 1, to: 1.2},
  {figure: "bus: stored in DEAD_LETTERS", from: 0, to: 0},
  // Its request and a few acknowledgements; pulls, presence.
  {figure: "bus: relayer sent", from: 1 / 64, to: 16 / 64, perSecond: 4},
  // From each of the 4 a message of shares and an acknowledgement; pulls, presence.
  {figure: "bus: sidecar sent", from: 8 / 64, to: 24 / 64, perSecond: 4},
  // The completion, and 4 acknowledgements of all; pulls, presence.
  {figure: "bus: aggregator sent", from: 1, to: 80 / 64, perSecond: 3},
  {figure: "bus: operator sent", from: 1, to: 1.5},
  // Batches of hundreds, and of a few exits.
  {figure: "database: relayer in all", from: 0.01, to: 0.2},
  {figure: "database: aggregator in all", from: 0.1, to: 2.5},
];

/** Counted and not timed, as the benchmark of the pipeline counts it. */
it("an exit among 64, signed by 4 sidecars, costs so many messages and database commands", async () => {
  const json = join(await temporaryFolder(), "run.json");
  const options = ["--validators", "64", "--rounds", "1", "--singles", "0", "--count", "--json", json];
  await promisify(execFile)("npm", ["run", "-s", "bench:pipeline", "--", ...options], {cwd: projectRoot});
  const {figures}: {figures: {name: string; values: number[]}[]} = JSON.parse(await readFile(json, "utf8"));
  const values = new Map(figures.map(({name, values}) => [name, values[0] ?? Number.NaN]));
  // Of one exit, as the others.
  const seconds = (values.get("time") ?? Number.NaN) / 1000;
  const found = bounds.map(({figure, from, to, perSecond = 0}) => ({
    figure,
    from,
    to: to + perSecond * seconds,
    value: values.get(figure) ?? Number.NaN,
  }));
  expect(found.filter(({value, from, to}) => !(value >= from && value <= to))).toEqual([]);
});
