import {describe, expect, it} from "vitest";
import {parseEndpoint, parseEndpoints, urlBelow} from "../../../src/http/endpoints.js";

describe("an endpoint", () => {
  it.each(["http://node:5052", "https://user:p%40ss@node/key?token=1", "http://[::1]:5052/"])("may be %s", (text) => {
    expect(parseEndpoint(text)?.href).toBe(new URL(text).href);
  });

  it.each(["node:5052", "ftp://node", "http://user:100%@node", "http://", "not a URL", ""])("is not %j", (text) => {
    expect(parseEndpoint(text)).toBeUndefined();
    expect(() => parseEndpoints("AN_ENDPOINT", `http://node, ${text}`)).toThrow(
      expect.objectContaining({code: "CONFIG_INVALID", message: "AN_ENDPOINT: number 2 is not an http or https URL"}),
    );
  });

  it.each([
    {endpoint: "http://node", url: "http://node/eth/v1"},
    {endpoint: "http://user:pass@node/a/key//?token=1", url: "http://user:pass@node/a/key/eth/v1?token=1"},
  ])("keeps its path, query and login: $endpoint", ({endpoint, url}) => {
    expect(urlBelow(new URL(endpoint), "eth/v1").href).toBe(url);
  });
});
