import {once} from "node:events";
import {createServer} from "node:net";
import {expect, it, onTestFinished} from "vitest";
import {portProblems} from "../../../../src/cli/demo/portProblems.js";

it.each([undefined, 0])("takes %s", async (port) => {
  expect(await portProblems("--http-port", port)).toEqual([]);
});

it("reports a port that does not exist", async () => {
  expect(await portProblems("--http-port", 65_536)).toHaveLength(1);
});

it("reports a port where somebody listens, and nothing once they have stopped", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await once(server, "listening");
  const {port} = server.address() as {port: number};
  expect(await portProblems("--http-port", port)).toEqual([expect.stringContaining(`--http-port ${port}`)]);
  server.close();
  await once(server, "close");
  expect(await portProblems("--http-port", port)).toEqual([]);
});
