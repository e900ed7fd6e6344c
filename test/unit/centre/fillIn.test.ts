import {expect, it} from "vitest";
import {fillNatsConfig, fillPlaces, fillSettings} from "../../../src/centre/fillIn.js";
import {readText} from "../docs/document.js";

const example = "# What A is.\nA=1\n#B=http://127.0.0.1\n#C=\nD=/etc/dvt/d\n";

it.each([
  {id: "sets what is set", settings: {A: "2"}, line: "A=2"},
  {id: "sets what is commented out", settings: {C: "3"}, line: "C=3"},
  {id: "names a file instead of a secret", settings: {B_FILE: "/b"}, line: "B_FILE=/b"},
  {id: "comments out what is not to be set", settings: {D: undefined}, line: "#D=/etc/dvt/d"},
  {id: "takes a value with a dollar as it is", settings: {A: "$&$1"}, line: "A=$&$1"},
])("$id", ({settings, line}) => {
  const filled = fillSettings(example, settings).split("\n");
  expect(filled).toContain(line);
  expect(filled).toHaveLength(example.split("\n").length);
});

it("refuses a setting that the example does not have, because nobody would read it", () => {
  expect(() => fillSettings(example, {E: "1"})).toThrow(/0 instead of one/);
});

it("puts folder, installation and Node.js in the stead of an example's", () => {
  const places = {folder: "/srv/centre", installation: "/usr/lib/dvt", node: "/usr/local/bin/node"};
  const text = "a=/etc/dvt/shared\nDVT_FILES=/etc/dvt\nb=/etc/dvt.old\n/usr/bin/node --flag /opt/dvt-exits/dist\n";
  expect(fillPlaces(text, places)).toBe(
    "a=/srv/centre/shared\nDVT_FILES=/srv/centre\nb=/etc/dvt.old\n/usr/local/bin/node --flag /usr/lib/dvt/dist\n",
  );
});

it("fills in nats.conf: address, port, and TLS, which the example has commented out", () => {
  const config = fillNatsConfig(readText("nats.conf"), {address: "0.0.0.0", port: 14222}).split("\n");
  const set = config.filter((line) => line !== "" && !line.trim().startsWith("#"));
  expect(set).toEqual(expect.arrayContaining(["host: 0.0.0.0", "port: 14222", "tls {"]));
  expect(set).toContain('  key_file: "/etc/dvt/nats/nats.key"');
  expect(set.filter((line) => line === "}")).toHaveLength(3);
});

it("fills in nats.conf of a cluster: its own name, where the others reach it, and where it reaches them", () => {
  const [server, ...others] = [
    {host: "a", port: 4222},
    {host: "2001:db8::7", port: 4222},
    {host: "c", port: 14222},
  ] as const;
  const options = {address: "0.0.0.0", port: 4222, cluster: {number: 1, server, others}};
  const set = fillNatsConfig(readText("nats.conf"), options).split("\n");
  expect(set).toContain("server_name: dvt-nats-1");
  expect(set).toContain('  listen: "0.0.0.0:6222"');
  expect(set).toContain('  routes: ["tls://[2001:db8::7]:6222", "tls://c:16222"]');
  expect(set).toContain('    ca_file: "/etc/dvt/nats/ca.pem"');
});
