import {expect, it} from "vitest";
import {DvtError} from "../../../src/errors.js";
import {createServer} from "../../../src/web/createServer.js";
import {aLogger} from "../../support/logger.js";

/** A server whose routes answer with this error while there is one. */
function aServer() {
  const {logger, logged} = aLogger();
  const world: {error: Error | undefined} = {error: undefined};
  const app = createServer({logger, stopping: new AbortController().signal, trustedProxies: []});
  for (const url of ["/one", "/other"]) {
    app.get(url, async () => {
      if (world.error) throw world.error;
      return {};
    });
  }
  const get = async (url: string, error?: Error): Promise<number> => {
    world.error = error;
    return (await app.inject(url)).statusCode;
  };
  return {get, lines: () => logged.map(({msg, route, code}) => [msg, route, code])};
}

it("says once for each route that requests fail while a server is away, and once that they do not any more", async () => {
  const {get, lines} = aServer();
  const away = new DvtError("STORE_UNAVAILABLE", "no server");
  for (const _ of [1, 2, 3]) expect(await get("/one", away)).toBe(503);
  expect([await get("/other", away), await get("/one"), await get("/one")]).toEqual([503, 200, 200]);
  expect(lines()).toEqual([
    ["requests fail", "/one", "STORE_UNAVAILABLE"],
    ["requests fail", "/other", "STORE_UNAVAILABLE"],
    ["no request fails for this reason any more", "/one", "STORE_UNAVAILABLE"],
  ]);
});

it("logs each bug by its request", async () => {
  const {get, lines} = aServer();
  for (const _ of [1, 2]) expect(await get("/one", new TypeError("a bug"))).toBe(500);
  expect(lines()).toEqual(new Array(2).fill(["request failed", undefined, undefined]));
});
