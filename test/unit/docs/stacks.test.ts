import {readdirSync} from "node:fs";
import {describe, expect, it} from "vitest";
import {SidecarEnv} from "../../../src/cli/env/sidecarEnv.js";
import {stacks} from "../../../src/cli/join/findStack.js";
import {toCompose} from "../../../src/cli/join/toStartFiles.js";
import {fixture} from "../../support/files.js";
import {blocksOf, itemsOf} from "./composeText.js";
import {readText} from "./document.js";

/** A service: each of its keys with one value, with items, or with values by name. */
type Service = Map<string, string | string[] | Map<string, string>>;

const servicesIn = (text: string): Map<string, Service> =>
  new Map(
    [...blocksOf(blocksOf(text, 0).get("services") ?? "", 2)].map(([name, block]) => [
      name,
      new Map([...blocksOf(block, 4)].map(([key, value]) => [key, contentOf(value)])),
    ]),
  );

function contentOf(text: string): string | string[] | Map<string, string> {
  if (text.startsWith("[") || /^ *- /m.test(text)) return itemsOf(text).map(unquoted);
  const named = blocksOf(text, 6);
  return named.size > 0 ? new Map([...named].map(([name, value]) => [name, unquoted(value)])) : unquoted(text);
}

const unquoted = (text: string): string => text.replace(/^"(.*)"$/, "$1");

/** As compose does it: lists are joined, values by name are added, a single value is replaced, and `!reset` takes it away. */
function extended(base: Service, own: Service): Service {
  const merged: Service = new Map(base);
  for (const [key, value] of own) {
    const before = base.get(key);
    if (key === "extends") continue;
    if (typeof value === "string" && value.startsWith("!reset")) merged.delete(key);
    else if (Array.isArray(value) && Array.isArray(before)) merged.set(key, [...before, ...value]);
    else if (value instanceof Map && before instanceof Map) merged.set(key, new Map([...before, ...value]));
    else merged.set(key, value);
  }
  return merged;
}

const listOf = (service: Service | undefined, key: string): string[] => {
  const value = service?.get(key) ?? [];
  if (!Array.isArray(value)) throw new Error(`${key} is no list`);
  return value;
};

/** The names of variables that compose fills in. */
const variablesIn = (text: string): string[] => [...text.matchAll(/\$\{(\w+)/g)].map(([, name = ""]) => name);

const folderOf = "/etc/dvt/sidecar";

describe.each([
  {upstream: "cdvn", name: "cdvn"},
  {upstream: "lido-cdvn", name: "cdvn"},
  {upstream: "ssv-stack", name: "ssv-stack"},
] as const)("docker/$name/compose-dvt.yml, in $upstream", ({upstream, name}) => {
  const {keys, main, network, hasBeacon} = stacks[name];
  const texts = readdirSync(fixture(upstream)).map((file) => readText(`test/fixtures/${upstream}/${file}`));
  const composed = texts.filter((text) => text.includes("\nservices:\n"));
  const services = new Map(composed.flatMap((text) => [...servicesIn(text)]));
  const networks = composed.flatMap((text) => [...blocksOf(blocksOf(text, 0).get("networks") ?? "", 2).keys()]);
  const text = readText(`docker/${name}/compose-dvt.yml`);
  const own = servicesIn(text).get("dvt-sidecar") ?? new Map();
  const joined = toCompose({folder: folderOf, reads: [`/home/ana/stack/${keys}`], user: {uid: 1234, gid: 1235}});
  const base = servicesIn(joined).get("sidecar") ?? new Map();
  const sidecar = extended(base, own);

  it("adds one service, and changes none", () => {
    expect([...servicesIn(text).keys()]).toEqual(["dvt-sidecar"]);
    expect([...services.keys()]).not.toContain("dvt-sidecar");
    expect([...blocksOf(text, 0).keys()]).toEqual(["services"]);
  });

  it("extends the service in the file that join writes", () => {
    expect(own.get("extends")).toEqual(
      new Map([
        ["file", `\${DVT_SIDECAR_FOLDER:-${folderOf}}/compose.yaml`],
        ["service", "sidecar"],
      ]),
    );
    for (const key of ["image", "command", "user", "env_file"]) {
      expect(sidecar.get(key), key).toEqual(base.get(key));
      expect(base.get(key), key).toBeDefined();
    }
  });

  it("is kept as tightly as the centre's roles", () => {
    const [, common = ""] = /^x-role: &role\n((?: {2}.*\n)+)/m.exec(readText("docker/compose.yaml")) ?? [];
    const role = blocksOf(common, 2);
    for (const key of ["init", "read_only", "cap_drop", "security_opt", "pids_limit", "restart", "stop_grace_period"]) {
      expect(sidecar.get(key), key).toEqual(contentOf(role.get(key) ?? ""));
    }
    const limits = (text = ""): string[] => [...text.matchAll(/^ *(core|nofile): (\d+)$/gm)].map(([line]) => line.trim());
    expect(limits(joined)).toEqual(limits(role.get("ulimits")));
    expect(limits(joined)).toHaveLength(2);
  });

  it("is on a network of the stack, and not on the host's any more", () => {
    expect(base.get("network_mode")).toBe("host");
    expect(sidecar.has("network_mode")).toBe(false);
    expect(sidecar.get("networks")).toEqual([network]);
    expect(networks).toContain(network);
    expect(readdirSync(fixture(upstream))).toContain(main);
  });

  it("writes into its own folder, and only reads the key shares, which the stack has there", () => {
    const [first, ...others] = listOf(sidecar, "volumes");
    expect(first).toBe(`${folderOf}:${folderOf}`);
    expect(others).toEqual([`/home/ana/stack/${keys}:/home/ana/stack/${keys}:ro`]);
    const mounted = [...services.values()].flatMap((it) => listOf(it, "volumes").map((mount) => mount.split(":")[0] ?? ""));
    expect(mounted.map((path) => path.replace(/^\.\//, ""))).toContain(keys.split("/")[0]);
  });

  it("sets variables of a sidecar, and gives no secret away", () => {
    const environment = sidecar.get("environment");
    if (!(environment instanceof Map)) throw new Error("environment is no mapping");
    for (const [variable, value] of environment) {
      const field = SidecarEnv.properties[variable.replace(/_FILE$/, "") as keyof typeof SidecarEnv.properties];
      expect(field, variable).toBeDefined();
      if ((field as {secret?: boolean}).secret) expect(value, variable).toMatch(/^(\$\{.*\})?$/);
    }
    expect(environment.has("CONSENSUS_ENDPOINT")).toBe(hasBeacon);
    expect(environment.get("STATUS_HOST")).toBe("0.0.0.0");
    expect(sidecar.has("ports")).toBe(false);
  });

  it("fills in variables that the stack has, or that are ours", () => {
    const known = texts.flatMap((it) => [...variablesIn(it), ...[...it.matchAll(/^#?(\w+)=/gm)].map(([, set = ""]) => set)]);
    for (const variable of variablesIn(text)) {
      if (!variable.startsWith("DVT_SIDECAR_")) expect(known, variable).toContain(variable);
    }
  });
});

describe.each(["cdvn", "lido-cdvn"])("the beacon node of a sidecar in %s", (upstream) => {
  const settings = readText(`test/fixtures/${upstream}/env.sample.hoodi`);
  const main = servicesIn(readText(`test/fixtures/${upstream}/docker-compose.yml`));
  const clients = servicesIn(readText(`test/fixtures/${upstream}/compose-cl.yml`));
  const environment = servicesIn(readText("docker/cdvn/compose-dvt.yml")).get("dvt-sidecar")?.get("environment");
  const endpoint = environment instanceof Map ? environment.get("CONSENSUS_ENDPOINT") : undefined;

  it("is charon's, whichever client the stack runs", () => {
    const charons = listOf(main.get("charon"), "environment").find((it) => it.startsWith("CHARON_BEACON_NODE_ENDPOINTS="));
    // Lido's names ${CL} in .env instead.
    const isInEnv = /^CHARON_BEACON_NODE_ENDPOINTS=http:\/\/\$\{CL\}:5052$/m.test(settings);
    expect(isInEnv || charons === `CHARON_BEACON_NODE_ENDPOINTS=${endpoint}`).toBe(true);
    const chosen = [...settings.matchAll(/^#?CL=(.*)$/gm)].map(([, client = ""]) => client).filter((it) => it !== "cl-none");
    expect(chosen.length).toBeGreaterThan(3);
    for (const client of chosen) expect(clients.get(client)?.get("networks"), client).toEqual(["dvnode"]);
    expect(main.get("lighthouse")?.get("networks")).toEqual(["dvnode"]);
  });

  it("is one that sidecar.env does not contradict", () => {
    expect(environment instanceof Map && environment.get("CONSENSUS_ENDPOINT_FILE")).toBe("");
  });

  it("is told, with the label that the stack's log collector reads, to keep its logs at home", () => {
    const [label] = listOf(servicesIn(readText("docker/cdvn/compose-dvt.yml")).get("dvt-sidecar"), "labels");
    expect(label).toMatch(/^alloy-monitored=\$\{\w+:-false\}$/);
    expect(listOf(main.get("charon"), "labels")[0]).toMatch(/^alloy-monitored=/);
  });

  it("needs our file in COMPOSE_FILE, because that is set", () => {
    expect(settings).toMatch(/^COMPOSE_FILE=.*docker-compose\.yml$/m);
  });
});

it("ssv-stack keeps the operator's key and its password where join finds them", () => {
  const settings = readText("test/fixtures/ssv-stack/ssv.example.env");
  const node = servicesIn(readText("test/fixtures/ssv-stack/docker-compose.yaml")).get("ssv-node");
  const [mount = ""] = listOf(node, "volumes");
  const [host = "", inside = ""] = mount.split(":");
  const hostPath = (variable: string): string | undefined =>
    new RegExp(`^${variable}=(.*)$`, "m").exec(settings)?.[1]?.replace(inside, host.replace("./", ""));
  expect(hostPath("PRIVATE_KEY_FILE")).toBe(stacks["ssv-stack"].keys);
  expect(hostPath("PASSWORD_FILE")).toBe("ssv-node-data/password");
});
