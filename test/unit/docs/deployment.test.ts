import {readdirSync} from "node:fs";
import {fileURLToPath} from "node:url";
import {describe, expect, it} from "vitest";
import {storeRights} from "../../../src/store/rights.js";
import {blocksOf, itemsOf} from "./composeText.js";
import {readText} from "./document.js";

const compose = readText("docker/compose.yaml");

const top = blocksOf(compose, 0);
const volumes = [...blocksOf(top.get("volumes") ?? "", 2).keys()];
const services = new Map(
  [...blocksOf(top.get("services") ?? "", 2)].map(([name, text]) => {
    const block = blocksOf(text, 4);
    const lists = {
      networks: itemsOf(block.get("networks")),
      volumes: itemsOf(block.get("volumes")),
      ports: itemsOf(block.get("ports")),
    };
    const environment = Object.fromEntries(blocksOf(block.get("environment") ?? "", 6));
    return [name, {...lists, environment, user: block.get("user")?.replaceAll('"', ""), envFile: block.get("env_file"), text}];
  }),
);
type Service = NonNullable<ReturnType<(typeof services)["get"]>>;
const serviceOf = (name: string): Service => {
  const service = services.get(name);
  if (!service) throw new Error(`there is no service ${name}`);
  return service;
};
const withState = ["relayer", "aggregator", "gateway", "sidecar"];
const roles = [...withState, "console"];
const monitoring = ["nats-exporter", "prometheus", "grafana"];
const files = "$" + "{DVT_FILES:-/etc/dvt}/";
const filesAt = "$" + "{DVT_FILES_AT:-/etc/dvt}/";

/** Of what is mounted, the host's files or named volumes, and where they are in the container. */
const mountsOf = ({volumes}: Service): {from: string; to: string}[] =>
  volumes.map((mount) => {
    const [, from = "", to = ""] = /^(\$\{[^}]*\}[^:]*|[^:]*):(\$\{[^}]*\}[^:]*|[^:]*)/.exec(mount) ?? [];
    return {from, to};
  });

describe("docker/compose.yaml", () => {
  it("has each role, the two servers, what declares streams, and what watches them", () => {
    expect([...services.keys()].sort()).toEqual([...roles, "nats", "mongo", "streams", ...monitoring].sort());
  });

  it.each(roles)("gives %s its own folder and the shared one, no other's, at the host's paths", (role) => {
    const service = serviceOf(role);
    expect(mountsOf(service)).toEqual([
      {from: `${files}shared`, to: `${filesAt}shared`},
      {from: `${files}${role}`, to: `${filesAt}${role}`},
      ...(withState.includes(role) ? [{from: role, to: `/var/lib/dvt/${role}`}] : []),
    ]);
    expect(service.envFile).toBe(`${files}${role}/${role}.env`);
    expect(service.text).toContain("<<: *role\n");
    expect(volumes.includes(role)).toBe(withState.includes(role));
  });

  it("shows the administrator's seed to what declares streams alone, which ends before the roles begin", () => {
    const admins = [...services].filter(([, service]) => mountsOf(service).some(({from}) => from.startsWith(`${files}admin`)));
    expect(admins.map(([name]) => name)).toEqual(["streams"]);
    expect(mountsOf(serviceOf("streams"))).toEqual([
      {from: `${files}shared`, to: `${filesAt}shared`},
      {from: `${files}admin/admin.nkey`, to: `${filesAt}admin/admin.nkey`},
    ]);
    expect(serviceOf("streams").text).toMatch(/restart: "no"\n/);
    const waits = /streams:\n +condition: service_completed_successfully\n(?: +#.*\n)? +required: false\n/;
    for (const role of ["relayer", "console"]) expect(serviceOf(role).text, role).toMatch(waits);
    for (const role of ["aggregator", "gateway"]) expect(serviceOf(role).text, role).toContain("depends_on: *both\n");
  });

  it("shows the server a folder, not files: a mounted file stays what it was when somebody replaces it", () => {
    expect(mountsOf(serviceOf("nats"))).toEqual([
      {from: `${files}nats`, to: `${filesAt}nats`},
      {from: "nats", to: "/var/lib/nats"},
    ]);
  });

  it("shows no server a key of a role, but MongoDB their passwords there", () => {
    const shown = ["nats", "mongo"].flatMap((name) => mountsOf(serviceOf(name)));
    const ofRoles = shown.map(({from}) => from).filter((from) => roles.some((role) => from.includes(`/${role}`)));
    expect(ofRoles).toEqual(Object.keys(storeRights).map((role) => `${files}${role}/mongodb.url`));
  });

  it("runs each role as a user of its own, which is none of the system's", () => {
    const users = roles.map((role) => serviceOf(role).user ?? "");
    expect(new Set(users).size).toBe(roles.length);
    for (const user of users) expect(user).toMatch(/^(1000[1-9]):\1$/);
  });

  it("lets those reach MongoDB who have a login there, and nobody else; NATS all", () => {
    const on = (network: string): string[] =>
      [...services].flatMap(([name, it]) => (it.networks.includes(network) ? [name] : []));
    expect(on("store").sort()).toEqual([...Object.keys(storeRights), "mongo"].sort());
    expect(on("bus").sort()).toEqual([...roles, "nats", "streams", "prometheus"].sort());
    expect(top.get("networks")).toBe("  bus:\n  monitoring:\n  store:\n    internal: true\n\n");
    expect(serviceOf("mongo").ports).toEqual([]);
  });

  it("asks for a login, whose password is in no argument and no variable", () => {
    const {environment} = serviceOf("mongo");
    const paths = Object.entries(environment).filter(([name]) => name.endsWith("_FILE"));
    expect(paths.map(([name]) => name).sort()).toEqual(
      [
        "ADMIN_PASSWORD_FILE",
        "MONGO_INITDB_ROOT_PASSWORD_FILE",
        ...Object.keys(storeRights).map((role) => `${role.toUpperCase()}_URL_FILE`),
      ].sort(),
    );
    for (const [, path] of paths) expect(path).toMatch(/^\/run\/dvt\//);
    expect(environment["MONGO_INITDB_ROOT_USERNAME"]).toBe("root");
  });

  it("checks a role's health as the image does, on a port that its own container has", () => {
    const [, command = ""] = /CMD \[ -z "\$STATUS_PORT" \] \|\| exec (.*)$/m.exec(readText("docker/Dockerfile")) ?? [];
    expect(command).toMatch(/ health --ready$/);
    expect(compose).toContain(`test: [CMD, ${command.split(" ").join(", ")}]\n`);
    expect(serviceOf("relayer").text).toMatch(/environment: &bus\n(.+\n)* +STATUS_PORT: \d+\n/);
    for (const role of roles) expect(serviceOf(role).text, role).toMatch(/environment:( \*bus|\n +<<: \*bus| &bus)\n/);
  });

  it.each(monitoring)(
    "runs %s if it is asked for, of one version, with nothing to write but its own data, and no file of a role",
    (name) => {
      const service = serviceOf(name);
      expect(service.text).toContain("<<: *monitoring\n");
      expect(service.text).toMatch(/^ +image: \S+:v?\d+\.\d+\.\d+$/m);
      const [, common = ""] = /^x-monitoring: &monitoring\n((?: {2}.*\n)+)/m.exec(compose) ?? [];
      for (const line of ["profiles: [monitoring]", "read_only: true", "cap_drop: [ALL]"]) expect(common).toContain(line);
      for (const {from} of mountsOf(service)) expect(from).toMatch(new RegExp(`^(${name}|\\./monitoring/.*)$`));
      const readOnly = service.volumes.filter((mount) => mount.startsWith("./"));
      for (const mount of readOnly) expect(mount).toMatch(/:ro$/);
    },
  );

  it("asks each role at the port that compose gives it", () => {
    const [, port] = /STATUS_PORT: (\d+)/.exec(compose) ?? [];
    const targets = [...readText("docker/monitoring/prometheus/targets.yml").matchAll(/- ([\w-]+):(\d+)$/gm)];
    expect(targets.map(([, name]) => name).sort()).toEqual([...roles].sort());
    for (const [, , its] of targets) expect(its).toBe(port);
  });

  it("publishes on loopback only, unless somebody says otherwise for NATS", () => {
    const loopback = /^(127\.0\.0\.1|\$\{DVT_NATS_(ROUTE_)?ADDRESS:-127\.0\.0\.1\}):/;
    for (const [name, {ports}] of services) for (const port of ports) expect(port, name).toMatch(loopback);
  });
});

describe("docker/Dockerfile", () => {
  const lines = readText("docker/Dockerfile")
    .replaceAll(/^#.*\n/gm, "")
    .replaceAll(/\\\n\s*/g, "");
  const stages = lines.split(/^(?=FROM )/m).slice(1);
  const last = stages.at(-1) ?? "";

  it("builds both stages on the base image that is named, and takes only the content into the last one", () => {
    expect(stages.map((stage) => /^FROM \$\{NODE_IMAGE\}(.*)$/m.exec(stage)?.[1])).toEqual([" AS content", ""]);
    expect(last.match(/^(COPY|ADD) .*$/gm)).toEqual(["COPY --from=content /content ./"]);
  });

  it("has compilers in the first stage alone, and installs what our lock file names, without scripts", () => {
    expect(stages[0]).toContain("g++ make python3");
    expect(last).not.toMatch(/apt-get|npm|gyp|g\+\+/);
    for (const [command] of lines.matchAll(/npm (ci|install|rebuild)[^&]*/g))
      expect(command).toMatch(/^npm ci .*--ignore-scripts/);
  });

  it("fails if the code that is compiled does not load, for ECIES would be slow", () => {
    expect(stages[0]).toMatch(/node-gyp\.js" rebuild .* && node -e 'require\("\.\/bindings"\)';/);
  });

  it("runs as a user with a number, who has no rights", () => {
    expect(last.match(/^USER .*$/gm)).toEqual(["USER 1000:1000"]);
    expect(last.indexOf("USER")).toBeGreaterThan(last.lastIndexOf("RUN"));
  });
});

describe("docker/systemd", () => {
  const unitOf = (role: string): string => readText(`docker/systemd/dvt-${role}.service`);
  const sysusers = readText("docker/systemd/dvt.sysusers.conf");

  it("has a unit for each role, the server and its streams, and what they have in common", () => {
    const found = readdirSync(fileURLToPath(new URL("../../../docker/systemd", import.meta.url)));
    const units = [...roles, "nats", "streams"].map((name) => `dvt-${name}.service`);
    expect(found.sort()).toEqual(["dvt-.service.d", "dvt-streams.service.d", "dvt.sysusers.conf", ...units].sort());
  });

  it.each(roles)("runs %s as a user of its own, the same as in compose, with its own files and state", (role) => {
    const unit = unitOf(role);
    expect(unit.match(/^User=.*$/gm)).toEqual([`User=dvt-${role}`]);
    const id = serviceOf(role).user?.split(":")[0];
    expect(sysusers).toContain(`u dvt-${role} ${id} `);
    for (const [, owner] of unit.matchAll(/\/etc\/dvt\/([a-z]+)\//g)) expect(owner).toBe(role);
    expect(unit.includes(`StateDirectory=dvt/${role}\n`)).toBe(withState.includes(role));
    expect(unit).toMatch(new RegExp(`dvt\\.cjs ${role}$`, "m"));
  });

  it("hands over every file that it names, and names every file that it hands over", () => {
    for (const unit of [...roles, "streams"].map(unitOf)) {
      const handed = [...unit.matchAll(/^LoadCredential=([^:]+):/gm)].map(([, id]) => id);
      const named = [...unit.matchAll(/\$\{CREDENTIALS_DIRECTORY\}\/(\S+)/g)].map(([, id]) => id);
      expect(named.sort()).toEqual(handed.sort());
    }
  });

  it("declares the streams after the server started, and before the roles of the centre", () => {
    expect(unitOf("streams")).toContain("After=dvt-nats.service\n");
    expect(unitOf("streams")).toContain("Type=oneshot\n");
    for (const role of ["relayer", "aggregator", "gateway", "console"]) {
      expect(unitOf(role), role).toContain("Wants=dvt-streams.service\nAfter=dvt-streams.service\n");
    }
    // systemd refuses to start once what is to be restarted always, and takes drop-ins in the order of their names.
    const [own] = readdirSync(fileURLToPath(new URL("../../../docker/systemd/dvt-streams.service.d", import.meta.url)));
    expect([own, "common.conf"].sort()).toEqual(["common.conf", own]);
    expect(readText(`docker/systemd/dvt-streams.service.d/${own}`)).toContain("Restart=no\n");
  });

  it("starts no role again whose settings are wrong, and keeps no core dump", () => {
    const common = readText("docker/systemd/dvt-.service.d/common.conf");
    for (const line of ["RestartPreventExitStatus=64 78", "LimitCORE=0", "LimitNOFILE=65536", "NoNewPrivileges=yes"]) {
      expect(common.split("\n")).toContain(line);
    }
  });
});

describe("docker/env", () => {
  it("gives each role a status port of its own, because they may share a machine", () => {
    const ports = roles.map((role) => /^STATUS_PORT=(\d+)$/m.exec(readText(`docker/env/${role}.env.example`))?.[1]);
    expect(ports).not.toContain(undefined);
    expect(new Set(ports).size).toBe(roles.length);
  });

  it.each([...roles, "operator"])("names in %s.env files of its own and shared ones, and no other's", (role) => {
    const named = readText(`docker/env/${role}.env.example`).matchAll(/\/(?:etc|var\/lib)\/dvt\/([a-z]+)/g);
    for (const [path, owner] of named) expect([role, "shared"], path).toContain(owner);
  });
});
