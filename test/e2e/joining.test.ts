import {readFile} from "node:fs/promises";
import {join} from "node:path";
import {expect, it} from "vitest";
import {projectRoot} from "../../src/runtime/projectRoot.js";
import type {Child} from "../../src/sandbox/childProcess.js";
import {createRunningCentre, type Joined} from "../support/centre.js";

/** The commands of the first block of a part of the README. */
async function readmeCommands(heading: string): Promise<string[]> {
  const readme = await readFile(join(projectRoot, "README.md"), "utf8");
  const [, part = ""] = readme.split(`\n## ${heading}\n`);
  const [, block = ""] = /```sh\n(.*?)\n```/s.exec(part) ?? [];
  return block.replaceAll(/ *\\\n */g, " ").split("\n");
}

const startsDvt = /^sudo dvt (\w+)/;

/** All nodes of a new cluster join, with the commands of the README, and its validators exit. */
async function joinAndExit(kind: "OBOL" | "SSV"): Promise<Joined[]> {
  const centre = await createRunningCentre({kind});
  const invited = await centre.command("invite", "--all");
  expect(invited.code, invited.output).toBe(0);
  const accepting = centre.accept();
  const nodes = await Promise.all([0, 1, 2, 3].map((nodeIndex) => centre.joinAs(nodeIndex, invited.output)));
  expect(await accepting.ended, accepting.output()).toBe(0);
  await Promise.all(nodes.map((node) => node.start()));
  await centre.expectExits(0, 2);
  return nodes;
}

it("goes from nothing to a complete exit with two commands on each node, and no value is copied by hand", async () => {
  const nodes = await joinAndExit("OBOL");
  // Compose stands for what the test starts: NATS and the roles. There is no other command.
  const commands = (await readmeCommands("I run the centre")).map((line) => startsDvt.exec(line)?.[1] ?? "compose");
  expect(commands).toEqual(["init", "compose", "invite", "accept"]);
  expect((await readmeCommands("I run a node")).map((line) => startsDvt.exec(line)?.[1])).toEqual(["join"]);
  for (const {output} of nodes) expect(output).toMatch(/^start it in one of these ways:$/m);
});

it("goes the same way for an SSV cluster from its keyshares file, with each operator's encrypted key", async () => {
  const nodes = await joinAndExit("SSV");
  for (const {output} of nodes) expect(output).toContain("encrypted_private_key.json, 2 of 2 validators");
});

it("takes a node later without disturbing the others, and its share counts", async () => {
  const centre = await createRunningCentre();
  const join = async (...nodes: number[]): Promise<Child[]> => {
    const invited: string[] = [];
    for (const node of nodes) invited.push((await centre.command("invite", "alpha", String(node + 1))).output);
    const accepting = centre.accept();
    const joined = await Promise.all(nodes.map((node, place) => centre.joinAs(node, invited[place] ?? "")));
    expect(await accepting.ended, accepting.output()).toBe(0);
    return Promise.all(joined.map((node) => node.start()));
  };
  const earlier = await join(0, 1, 2);
  await centre.expectExits(0);
  await join(3);
  await earlier[0]?.stop();
  await centre.expectExits(1);
  for (const sidecar of earlier) expect(sidecar.output()).not.toMatch(/nats is (?:still )?unavailable/);
});
