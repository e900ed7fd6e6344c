import {readFile} from "node:fs/promises";
import {join} from "node:path";
import {expect, it} from "vitest";
import {projectRoot} from "../../src/runtime/projectRoot.js";
import {createRunningCentre} from "../support/centre.js";

/** The commands of the first block of a part of the README. */
async function readmeCommands(heading: string): Promise<string[]> {
  const readme = await readFile(join(projectRoot, "README.md"), "utf8");
  const [, part = ""] = readme.split(`\n## ${heading}\n`);
  const [, block = ""] = /```sh\n(.*?)\n```/s.exec(part) ?? [];
  return block.replaceAll(/ *\\\n */g, " ").split("\n");
}

const startsDvt = /^sudo dvt (\w+)/;

it("goes from nothing to a complete exit with two commands on each node, and takes a node later without disturbing the others", async () => {
  const centre = await createRunningCentre({kind: "OBOL"});
  const invited = await centre.command("invite", "--all");
  expect(invited.code, invited.output).toBe(0);
  const accepting = centre.accept();
  const nodes = await Promise.all([0, 1, 2].map((nodeIndex) => centre.joinAs(nodeIndex, invited.output)));
  const earlier = await Promise.all(nodes.map((node) => node.start()));
  await centre.expectExits(0);

  const last = await centre.joinAs(3, invited.output);
  expect(await accepting.ended, accepting.output()).toBe(0);
  await last.start();
  await earlier[0]?.stop();
  await centre.expectExits(1);
  for (const sidecar of earlier) expect(sidecar.output()).not.toMatch(/nats is (?:still )?unavailable/);

  // Compose stands for what the test starts: NATS and the roles. There is no other command, and no value is copied by hand.
  const commands = (await readmeCommands("I run the centre")).map((line) => startsDvt.exec(line)?.[1] ?? "compose");
  expect(commands).toEqual(["init", "compose", "invite", "accept"]);
  expect((await readmeCommands("I run a node")).map((line) => startsDvt.exec(line)?.[1])).toEqual(["join"]);
  for (const {output} of [...nodes, last]) expect(output).toMatch(/^start it in one of these ways:$/m);
});

it("goes the same way for an SSV cluster from its keyshares file, with each operator's encrypted key", async () => {
  const centre = await createRunningCentre({kind: "SSV"});
  const invited = await centre.command("invite", "--all");
  const accepting = centre.accept();
  const nodes = await Promise.all([0, 1, 2, 3].map((nodeIndex) => centre.joinAs(nodeIndex, invited.output)));
  expect(await accepting.ended, accepting.output()).toBe(0);
  for (const {output} of nodes) expect(output).toContain("encrypted_private_key.json, 2 of 2 validators");
  // As many as sign.
  await Promise.all(nodes.slice(1).map((node) => node.start()));
  await centre.expectExits(0, 2);
});
