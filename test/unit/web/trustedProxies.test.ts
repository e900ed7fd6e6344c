import {expect, it} from "vitest";
import {parseTrustedProxies} from "../../../src/web/trustedProxies.js";

it("reads addresses and networks, or none", () => {
  expect(parseTrustedProxies("PROXIES", "10.0.0.0/8, ::1,192.168.0.1")).toEqual(["10.0.0.0/8", "::1", "192.168.0.1"]);
  expect(parseTrustedProxies("PROXIES")).toEqual([]);
});

it.each(["proxy.example", "10.0.0.0/33", "10.0.0", "::1/129", "10.0.0.1 10.0.0.2"])("refuses %s", (text) => {
  expect(() => parseTrustedProxies("PROXIES", text)).toThrow(expect.objectContaining({code: "CONFIG_INVALID"}));
});
