import {createHash, createPrivateKey, X509Certificate} from "node:crypto";
import {cpSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync} from "node:fs";
import {dirname, join} from "node:path";
import {expect, it} from "vitest";
import type {Centre} from "../../../src/centre/centre.js";
import {makeCentre} from "../../../src/centre/makeCentre.js";
import {startMaking} from "../../../src/centre/making.js";
import {commands} from "../../../src/cli/commands.js";
import {loadViewers} from "../../../src/console/loadViewers.js";
import {loadTokens} from "../../../src/gateway/access/loadCredentials.js";
import {loadAggregatorKey} from "../../../src/keys/aggregatorKey.js";
import {toIdentity} from "../../../src/messaging/identity.js";
import {loadParticipants} from "../../../src/participants/participants.js";
import {parseEnv} from "../../../src/runtime/env.js";
import {useFolder} from "../../support/files.js";
import {parseEnvFile} from "../../support/parseUnit.js";
import {readText} from "../docs/document.js";

const folder = useFolder();

const alpha = {id: "alpha", definition: {name: "alpha-cluster-lock.json", text: "{}\n"}};
const wanted: Centre = {
  network: "hoodi",
  nats: {host: "bus.example.org", port: 4222},
  clusters: [alpha],
  operatorId: "acme",
  oracles: "[]\n",
  hasGateway: false,
};
const withGateway: Centre = {...wanted, hasGateway: true, consensusEndpoint: "http://beacon.example/key-of-ours"};

async function make(root: string, centre: Partial<Centre> = {}) {
  const making = startMaking(root, {isRoot: false});
  return {...(await makeCentre(making, {...wanted, ...centre})), made: making.made, root};
}

/** For tests that only look. */
const whole = make(folder.fresh(), withGateway);

const filesOf = (root: string): string[] =>
  readdirSync(root, {withFileTypes: true, recursive: true})
    .filter((it) => it.isFile())
    .map((it) => join(it.parentPath, it.name).slice(root.length + 1))
    .sort();
const contentOf = (root: string): Map<string, string> =>
  new Map(filesOf(root).map((path) => [path, readFileSync(join(root, path), "latin1")]));
const nkeyOf = (root: string, path: string): string => toIdentity(path, readFileSync(join(root, path), "utf8")).nkey;

/** What must hold of a complete centre. */
async function expectComplete(root: string): Promise<void> {
  const participants = await loadParticipants(join(root, "shared/participants.json"), "hoodi");
  expect(participants).toMatchObject({
    version: 1,
    admin: {nkey: nkeyOf(root, "admin/admin.nkey")},
    serverAdmin: {nkey: nkeyOf(root, "admin/server-admin.nkey")},
    relayer: {nkey: nkeyOf(root, "relayer/relayer.nkey")},
    aggregator: {nkey: nkeyOf(root, "aggregator/aggregator.nkey")},
    operators: [{id: "acme", nkey: nkeyOf(root, "operator/operator.nkey")}],
    viewers: [{id: "console", nkey: nkeyOf(root, "console/console.nkey")}],
    clusters: [{id: "alpha", operatorIds: ["acme"], sidecars: []}],
  });
  await loadAggregatorKey(join(root, "aggregator/aggregator.key"), participants.aggregatorKeys);
  const accounts = readFileSync(join(root, "nats/accounts.conf"), "utf8");
  for (const {nkey} of [participants.admin, participants.relayer, ...participants.operators]) expect(accounts).toContain(nkey);
  const [viewer] = await loadViewers(join(root, "console/tokens.json"));
  const token = readFileSync(join(root, "admin/console.token"), "utf8").trim();
  expect(Buffer.from(viewer?.sha256 ?? []).toString("hex")).toBe(createHash("sha256").update(token).digest("hex"));
}

it("makes a complete centre from nothing", async () => {
  const {root, isChanged} = await make(folder.fresh());
  expect(isChanged).toBe(true);
  await expectComplete(root);
});

it("keeps secrets to their owner, and shows the others to everybody", async () => {
  const {root, made} = await whole;
  const modeOf = (path: string): number => statSync(join(root, path)).mode & 0o777;
  const open = made.filter((path) => modeOf(path) === 0o644);
  for (const path of made) if (!open.includes(path)) expect(modeOf(path), path).toBe(0o600);
  const isShown = /^(shared\/.*|systemd\/.*|dvt\.sysusers\.conf|compose\.yaml|\.env|nats\/(nats|accounts)\.conf)$/;
  for (const path of open) expect(path).toMatch(isShown);
  for (const name of ["admin", "relayer", "aggregator", "gateway", "console", "operator", "nats", "mongo"])
    expect(modeOf(name), name).toBe(0o700);
  for (const name of ["", "shared"]) expect(modeOf(name), name).toBe(0o755);
  const secrets = [...contentOf(root)].filter(([path]) => /\.(nkey|key|token|password)$/.test(path));
  const shown = open.map((path) => readFileSync(join(root, path), "utf8")).join("\n");
  expect(secrets.length).toBeGreaterThan(8);
  for (const [path, secret] of secrets) expect(shown.includes(secret.trim()), path).toBe(false);
  expect(shown).not.toContain("key-of-ours");
});

it.each(["relayer", "aggregator", "console", "gateway", "operator"])("makes settings that %s takes as they are", async (role) => {
  const {root} = await whole;
  const command = commands.find(({name}) => name === (role === "operator" ? "operator request" : role));
  const settings = parseEnvFile(readFileSync(join(root, role, `${role}.env`), "utf8"));
  if (!command?.env) throw new Error(`${role} reads no settings`);
  const config: Record<string, unknown> = parseEnv(command.env, settings);
  const host = role === "operator" ? "bus.example.org" : "127.0.0.1";
  expect(config).toMatchObject({NETWORK: "hoodi", NATS_URL: `tls://${host}:4222`, NATS_CA_FILE: join(root, "shared/ca.pem")});
  const paths = Object.entries(settings).filter(([name]) => name.endsWith("_FILE") && !/CHECKPOINT|STATE/.test(name));
  expect(paths.length).toBeGreaterThan(3);
  for (const [name, path] of paths) expect(() => statSync(path), name).not.toThrow();
});

it("has the roles follow the chain if there are execution nodes and no oracles config", async () => {
  const {root} = await make(folder.fresh(), {oracles: undefined, executionEndpoint: "http://node.example/our-key"});
  for (const role of ["relayer", "aggregator", "operator"]) {
    const settings = parseEnvFile(readFileSync(join(root, role, `${role}.env`), "utf8"));
    expect(settings).not.toHaveProperty("ORACLES_CONFIG_FILE");
    expect(readFileSync(settings["EXECUTION_ENDPOINT_FILE"] ?? "", "utf8")).toBe("http://node.example/our-key\n");
  }
});

it("gives a gateway the operator's seed, and the operator a token for it", async () => {
  const {root, participants} = await whole;
  expect(nkeyOf(root, "gateway/seeds/operator-acme.nkey")).toBe(participants.operators[0]?.nkey);
  const loaded = await loadParticipants(join(root, "shared/participants.json"), "hoodi");
  const [token] = await loadTokens(join(root, "gateway/tokens.json"), loaded);
  expect(token?.caller).toEqual({as: "operator", operatorId: "acme"});
  expect(readFileSync(join(root, ".env"), "utf8")).toContain("COMPOSE_PROFILES=streams,relayer,aggregator,console,gateway\n");
});

it("changes nothing when it is complete", async () => {
  const {root} = await whole;
  const before = contentOf(root);
  const again = await make(root, {hasGateway: true, clusters: [], oracles: undefined});
  expect(again).toMatchObject({made: [], isChanged: false});
  expect(contentOf(root)).toEqual(before);
});

it("completes what was interrupted, after whichever file", async () => {
  const {root, made} = await make(folder.fresh());
  const complete = contentOf(root);
  for (let count = 0; count < made.length; count += 5) {
    const half = folder.fresh();
    for (const path of made.slice(0, count)) {
      mkdirSync(dirname(join(half, path)), {recursive: true});
      cpSync(join(root, path), join(half, path));
    }
    await make(half);
    await expectComplete(half);
    for (const path of made.slice(0, count)) expect(readFileSync(join(half, path), "latin1"), path).toBe(complete.get(path));
    expect(filesOf(half)).toEqual([...complete.keys()]);
  }
});

it("adds a cluster, without touching another file, and raises the version", async () => {
  const {root} = await make(folder.fresh());
  const again = await make(root, {clusters: [alpha, {id: "beta", definition: {ssvOperatorIds: [1, 2, 3, 4]}}]});
  expect(again.made).toEqual(["shared/participants.json"]);
  const {version, clusters} = await loadParticipants(join(root, "shared/participants.json"), "hoodi");
  expect(version).toBe(2);
  expect(clusters[1]).toMatchObject({id: "beta", definition: {ssvOperatorIds: [1, 2, 3, 4]}, operatorIds: ["acme"]});
});

it("gives clusters that nobody may ask about to the operator who comes later", async () => {
  const {root} = await make(folder.fresh(), {operatorId: undefined});
  expect((await loadParticipants(join(root, "shared/participants.json"), "hoodi")).operators).toEqual([]);
  await make(root);
  const {version, clusters} = await loadParticipants(join(root, "shared/participants.json"), "hoodi");
  expect({version, operatorIds: clusters[0]?.operatorIds}).toEqual({version: 2, operatorIds: ["acme"]});
});

it.each([
  {id: "a seed that is gone", spoil: (root: string) => rmSync(join(root, "relayer/relayer.nkey"))},
  {id: "the key of the shares that is gone", spoil: (root: string) => rmSync(join(root, "aggregator/aggregator.key"))},
  {
    id: "the seed of somebody else",
    spoil: (root: string) => cpSync(join(root, "admin/admin.nkey"), join(root, "operator/operator.nkey")),
  },
])("makes no new key in the stead of $id", async ({spoil}) => {
  const {root} = await make(folder.fresh());
  spoil(root);
  const before = contentOf(root);
  await expect(make(root)).rejects.toMatchObject({code: "CONFIG_INVALID"});
  expect(contentOf(root)).toEqual(before);
});

it("connects MongoDB of compose, or one's own", async () => {
  const urlIn = (root: string): string => readFileSync(join(root, "relayer/mongodb.url"), "utf8");
  const {root} = await make(folder.fresh());
  expect(urlIn(root)).toMatch(/^mongodb:\/\/relayer:[0-9a-f]{48}@mongo:27017\/dvt\?directConnection=true\n$/);
  const {root: own} = await make(folder.fresh(), {mongodb: "a:27017,b:27017"});
  expect(urlIn(own)).toMatch(/@a:27017,b:27017\/dvt\?replicaSet=rs0\n$/);
});

it("writes a compose.yaml that starts services which there are, with files which there are", async () => {
  const {root} = await whole;
  const [, included = ""] = /^include:\n {2}- (.*)$/m.exec(readFileSync(join(root, "compose.yaml"), "utf8")) ?? [];
  const compose = readFileSync(included, "utf8");
  expect(compose).toBe(readText("docker/compose.yaml"));
  const env = parseEnvFile(readFileSync(join(root, ".env"), "utf8"));
  for (const name of Object.keys(env))
    if (name !== "COMPOSE_PROFILES") expect(compose, name).toMatch(new RegExp(`\\$\\{${name}:?-`));
  const profiles = (env["COMPOSE_PROFILES"] ?? "").split(",");
  for (const profile of profiles) expect(compose).toContain(`profiles: [${profile}]\n`);
  const read = [...compose.matchAll(/(?:- |env_file: )\$\{DVT_FILES:-\/etc\/dvt\}\/([^:\n]+)/g)].map(([, path = ""]) => path);
  const own = read.filter((path) => !path.startsWith("sidecar"));
  expect(own.length).toBeGreaterThan(12);
  // Docker makes a folder in the stead of a file that is not there.
  for (const path of own) expect(() => statSync(join(root, path)), path).not.toThrow();
});

it("writes units for this folder and this installation, and none for a role that is not here", async () => {
  const {root} = await make(folder.fresh());
  const units = filesOf(root).filter((path) => path.startsWith("systemd/"));
  expect(units.filter((path) => path.endsWith(".service"))).toEqual(
    ["aggregator", "console", "nats", "relayer", "streams"].map((name) => `systemd/dvt-${name}.service`),
  );
  for (const unit of units) {
    const text = readFileSync(join(root, unit), "utf8");
    expect(text, unit).not.toMatch(/\/etc\/dvt|\/opt\/dvt-exits/);
    for (const [, node] of text.matchAll(/([^\s=]+) --disable-proto/g)) expect(node, unit).toBe(process.execPath);
    for (const [path] of text.matchAll(new RegExp(`${root}/[^ :\\n]+`, "g"))) expect(() => statSync(path), path).not.toThrow();
  }
});

it("makes three servers that are alike but for their names, keys and routes, and has everybody know all of them", async () => {
  const otherServers = ["bus-2.example.org", "bus-3.example.org"].map((host) => ({host, port: 4222}));
  const {root} = await make(folder.fresh(), {otherServers});
  const read = (path: string): string => readFileSync(join(root, path), "utf8");
  for (const name of ["accounts.conf", "ca.pem"]) expect(read(`nats-2/${name}`)).toBe(read(`nats/${name}`));
  const [first, second] = ["nats", "nats-2"].map((name) => read(`${name}/nats.conf`).split("\n"));
  const own = second?.filter((line) => !first?.includes(line));
  expect(own).toEqual(["server_name: dvt-nats-2", '  routes: ["tls://bus.example.org:6222", "tls://bus-3.example.org:6222"]']);
  for (const folderOf of ["nats", "nats-2", "nats-3"]) {
    const certificate = new X509Certificate(read(`${folderOf}/nats.pem`));
    expect(certificate.checkPrivateKey(createPrivateKey(read(`${folderOf}/nats.key`)))).toBe(true);
    expect(certificate.subject).toBe(`CN=${folderOf.replace("nats", "bus")}.example.org`);
  }
  const others = "tls://bus-2.example.org:4222,tls://bus-3.example.org:4222";
  expect(parseEnvFile(read("admin/centre.env"))).toMatchObject({
    NATS_URL: `tls://bus.example.org:4222,${others}`,
    STREAM_REPLICAS: "3",
    NATS_COPY_COMMAND: join(root, "admin/copy-accounts"),
  });
  expect(parseEnvFile(read("relayer/relayer.env"))).toMatchObject({NATS_URL: `tls://127.0.0.1:4222,${others}`});
  expect(parseEnvFile(read(".env"))).toMatchObject({NATS_URL: `tls://nats:4222,${others}`, DVT_NATS_ROUTE_ADDRESS: "0.0.0.0"});
  expect(read("admin/copy-accounts")).toContain(`for host in bus-2.example.org bus-3.example.org; do`);
  expect(read("admin/copy-accounts")).toContain(`${root}/nats/accounts.conf`);
  expect(statSync(join(root, "admin/copy-accounts")).mode & 0o777).toBe(0o700);
});

it.runIf(process.getuid?.() === 0)("gives each role its files, if it may", async () => {
  const root = folder.fresh();
  await makeCentre(startMaking(root), withGateway);
  const sysusers = readText("docker/systemd/dvt.sysusers.conf");
  const userOf = (role: string): number => Number(new RegExp(`^u dvt-${role} (\\d+) `, "m").exec(sysusers)?.[1]);
  for (const role of ["relayer", "aggregator", "gateway", "console"]) {
    const below = filesOf(join(root, role)).map((path) => join(root, role, path));
    for (const path of [join(root, role), ...below])
      expect(statSync(path), path).toMatchObject({uid: userOf(role), gid: userOf(role)});
  }
  // Of a container's root, which cannot read others' files, and of the unit's group.
  const {uid, gid, mode} = statSync(join(root, "nats/nats.key"));
  expect({uid, gid, mode: mode & 0o777}).toEqual({uid: 0, gid: userOf("nats"), mode: 0o640});
  expect(statSync(join(root, "nats")).mode & 0o777).toBe(0o750);
});
