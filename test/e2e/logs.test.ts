import {readFile} from "node:fs/promises";
import {join} from "node:path";
import {expect, it} from "vitest";
import {projectRoot} from "../../src/runtime/projectRoot.js";
import type {Child} from "../../src/sandbox/childProcess.js";
import {clusterId, createSystem} from "../support/system.js";

type Line = {time: string; role: string; msg: string; batch?: string; order?: string; exits?: string[]; share_index?: number};

/** `grep KEY` over the logs of these processes, sorted by time. They are in the order of the flow, for lines of the same millisecond. */
const grep = (key: string, children: readonly Child[]): Line[] =>
  children
    .flatMap((child) => child.output().split("\n"))
    .filter((line) => line.startsWith("{") && line.includes(key))
    .map((line): Line => JSON.parse(line))
    .sort((a, b) => (a.time < b.time ? -1 : Number(a.time > b.time)));

/** The example in the documentation, of as many sidecars. */
async function documentedLines(): Promise<string[]> {
  const text = await readFile(join(projectRoot, "docs/configuration.md"), "utf8");
  return [...text.matchAll(/^\["2026-[^"]*","([a-z]+)",(?:null|\d),"([^"]*)"\]$/gm)].map(([, role, msg]) => `${role}: ${msg}`);
}

it("a grep of one exit's key over the logs of all roles follows the exit from the batch to its result", async () => {
  const system = await createSystem({nodes: 3, threshold: 3});
  const env = {LOG_LEVEL: "info", RESEND_AFTER: "10m", REISSUE_AFTER: "10m"};
  const roles = [await system.relayer(env), await system.sidecar([0, 1, 2], env), await system.aggregator(env)];
  const operator = system.startRequest({env});
  await system.expectCompleted(operator);
  await Promise.all(roles.map((role) => role.stop()));

  const keys = system.publicKeys.map((publicKey, position) => `hoodi:${publicKey}:${1000 + position}`);
  const lines = grep(keys[0] as string, [operator, ...roles]);
  expect(lines.map(({role, msg}) => `${role}: ${msg}`)).toEqual(await documentedLines());
  const [asked, taken, issued, ...others] = lines as [Line, Line, Line, ...Line[]];
  const {batch, order} = issued;
  expect([asked, taken, others.at(-1)].map((line) => line?.batch)).toEqual([batch, batch, batch]);
  expect(others.slice(0, -1).map((line) => line.order)).toEqual(new Array(4).fill(order));
  for (const line of [asked, taken, issued]) expect(line).toMatchObject({exits: keys});
  const signed = others.slice(0, 3);
  expect(signed.map(({share_index}) => share_index).sort()).toEqual([1, 2, 3]);
  for (const line of [issued, ...others.slice(0, -1)]) expect(line).toMatchObject({cluster_id: clusterId});
});
