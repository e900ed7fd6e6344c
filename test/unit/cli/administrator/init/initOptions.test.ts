import {expect, it} from "vitest";
import {
  checkFolder,
  checkOptions,
  type InitOptions,
  parseCluster,
  parseNatsUrl,
  parseOperatorIds,
} from "../../../../../src/cli/administrator/init/initOptions.js";

it.each([
  {url: "tls://bus.example.org:4222", host: "bus.example.org", port: 4222},
  {url: "tls://bus.example.org", host: "bus.example.org", port: 4222},
  {url: "tls://192.0.2.7:14222/", host: "192.0.2.7", port: 14222},
  {url: "tls://[2001:db8::7]:4222", host: "2001:db8::7", port: 4222},
])("takes $url", ({url, host, port}) => {
  expect(parseNatsUrl(url)).toEqual([{host, port}]);
});

it("takes the three servers of a cluster, this machine's first", () => {
  expect(parseNatsUrl("tls://a, tls://b:14222,tls://c")).toEqual([
    {host: "a", port: 4222},
    {host: "b", port: 14222},
    {host: "c", port: 4222},
  ]);
});

it.each([
  "nats://bus.example.org:4222",
  "bus.example.org:4222",
  "tls://user:password@bus.example.org",
  "tls://a:4222,tls://b:4222",
  "tls://a,tls://b,tls://a:4222",
  "tls://a:64000,tls://b,tls://c",
  "tls://a,tls://b,nats://user:password@c",
  "tls://a:0",
  "tls://a:65536",
  "tls://",
  "tls://a/b",
])("refuses %s, without quoting what may be a password", (url) => {
  expect(() => parseNatsUrl(url)).toThrow(
    expect.objectContaining({code: "USAGE", message: expect.not.stringContaining("password")}),
  );
});

it.each(["alpha", "=lock.json", "alpha=", "Al pha=lock.json", `${"a".repeat(33)}=lock.json`])(
  "refuses the cluster %j",
  (text) => {
    expect(() => parseCluster("--cluster-lock", text)).toThrow(expect.objectContaining({code: "USAGE"}));
  },
);

it("takes a file whose name has a =", () => {
  expect(parseCluster("--cluster-lock", "alpha=a=b.json")).toEqual({id: "alpha", value: "a=b.json"});
});

it.each(["1,2,3", "1,2,3,3", "1,2,3,x", "0,1,2,3", "1,2,3,4,5", ""])("refuses the SSV operators %j", (text) => {
  expect(() => parseOperatorIds(text)).toThrow(expect.objectContaining({code: "USAGE"}));
});

it("takes 4, 7, 10 or 13 SSV operators", () => {
  expect(parseOperatorIds("4, 3, 2, 1")).toEqual([4, 3, 2, 1]);
});

it.each(["/srv/a b", "/srv/$HOME", "/srv/50%", "/", "relative"])(
  "refuses the folder %s, which programs read differently",
  (folder) => {
    expect(() => checkFolder(folder)).toThrow(expect.objectContaining({code: "USAGE"}));
  },
);

it("takes other folders, without a slash at the end", () => {
  expect(checkFolder("/srv/dvt-1.2_x/")).toBe("/srv/dvt-1.2_x");
});

const options: InitOptions = {folder: "/etc/dvt", verify: true};
it.each([
  {id: "an operator with a blank", change: {operator: "a b"}},
  {id: "a database with a login", change: {mongodb: "root:secret@127.0.0.1"}},
  {id: "a database with a path", change: {mongodb: "127.0.0.1/dvt"}},
  {id: "a gateway that speaks for nobody", change: {gateway: true}},
])("refuses $id", ({change}) => {
  const check = (): void => checkOptions({...options, ...change}, {operatorId: undefined});
  expect(check).toThrow(expect.objectContaining({code: "USAGE", message: expect.not.stringContaining("secret")}));
});
