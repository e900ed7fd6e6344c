import {execFileSync} from "node:child_process";
import {cpSync, existsSync, readFileSync} from "node:fs";
import {parseEnv} from "node:util";
import {describe, expect, it} from "vitest";
import {asksItself, findStack, stacks} from "../../../../src/cli/join/findStack.js";
import {joinFilesIn} from "../../../../src/cli/join/joinFolder.js";
import {startLines} from "../../../../src/cli/join/toStartFiles.js";
import {projectRoot} from "../../../../src/runtime/projectRoot.js";
import {fixture, useFolder} from "../../../support/files.js";
import {shellBlocksOf} from "../../../support/shellBlocks.js";

const folder = useFolder();

/** A stack of this kind in a folder of its own, with these files more; returns the folder, and where its keys are. */
function writeStack(upstream: string, name: keyof typeof stacks, more: Record<string, string> = {}) {
  const place = folder.fresh();
  cpSync(fixture(upstream), place, {recursive: true});
  for (const [file, text] of Object.entries(more)) folder.write(`${place.slice(folder.path().length + 1)}/${file}`, text);
  return {place, keys: `${place}/${stacks[name].keys}`};
}

/** What .env says once somebody ran the first line that join prints. */
function runFirstLine(lines: string[], place: string): Record<string, string | undefined> {
  execFileSync("sh", ["-ec", `docker() { echo "$@" > ran; }\n${lines[0]}`]);
  expect(readFileSync(`${place}/ran`, "utf8")).toBe("compose up -d dvt-sidecar\n");
  return existsSync(`${place}/.env`) ? parseEnv(readFileSync(`${place}/.env`, "utf8")) : {};
}

describe("the stack of a node that joined", () => {
  it.each([
    {upstream: "cdvn", name: "cdvn", main: "docker-compose.yml"},
    {upstream: "lido-cdvn", name: "cdvn", main: "docker-compose.yml"},
    {upstream: "ssv-stack", name: "ssv-stack", main: "docker-compose.yaml"},
  ] as const)("is $upstream, whose .env then includes our file behind its own", async ({upstream, name, main}) => {
    const {place, keys} = writeStack(upstream, name);
    const stack = await findStack(keys);
    expect(stack?.folder).toBe(place);
    expect(existsSync(stack?.addition ?? "")).toBe(true);
    const set = runFirstLine(startLines(joinFilesIn("/etc/dvt/sidecar", "sidecar"), stack), place);
    expect(set).toEqual({COMPOSE_FILE: `\${COMPOSE_FILE:-${main}}:${stack?.addition}`});
  });

  it("is started by the line that docker/README.md shows", async () => {
    const {place, keys} = writeStack("cdvn", "cdvn");
    const [line] = startLines(joinFilesIn("/etc/dvt/sidecar", "sidecar"), await findStack(keys));
    const [block] = shellBlocksOf("docker/README.md");
    const shown = block?.text.replace("~/charon-distributed-validator-node", place);
    expect(shown?.replace("/usr/lib/node_modules/dvt-exits", projectRoot)).toBe(`${line}\n`);
  });

  it("keeps what its .env says, even if the last line has no end, and its override", async () => {
    const {place, keys} = writeStack("cdvn", "cdvn", {
      ".env": "NETWORK=hoodi\nCL=cl-teku",
      "docker-compose.override.yml": "services: {}\n",
    });
    const stack = await findStack(keys);
    const set = runFirstLine(startLines(joinFilesIn("/srv/dvt", "sidecar"), stack), place);
    expect(set).toEqual({
      NETWORK: "hoodi",
      CL: "cl-teku",
      DVT_SIDECAR_FOLDER: "/srv/dvt",
      COMPOSE_FILE: `\${COMPOSE_FILE:-docker-compose.yml:docker-compose.override.yml}:${stack?.addition}`,
    });
    expect((await findStack(keys))?.isIncluded).toBe(true);
    runFirstLine(startLines(joinFilesIn("/srv/dvt", "sidecar"), await findStack(keys)), place);
    expect(readFileSync(`${place}/.env`, "utf8").match(/^COMPOSE_FILE=/gm)).toHaveLength(1);
  });

  it.each([
    {id: "loopback", endpoint: "http://127.0.0.1:5052", isOwn: true},
    {id: "loopback among others", endpoint: "http://beacon:5052, http://user:word@localhost:5052/x", isOwn: true},
    {id: "loopback of IPv6", endpoint: "http://[::1]:5052", isOwn: true},
    {id: "another machine", endpoint: "http://192.0.2.10:5052", isOwn: false},
    {id: "no URL", endpoint: "127.0.0.1", isOwn: false},
    {id: "nothing", endpoint: undefined, isOwn: false},
  ])("is told if a beacon node at $id would be its own container: $isOwn", async ({endpoint, isOwn}) => {
    const ssv = await findStack(writeStack("ssv-stack", "ssv-stack").keys);
    expect(ssv && asksItself(ssv, endpoint)).toBe(isOwn);
    const charons = await findStack(writeStack("cdvn", "cdvn").keys);
    expect(charons && asksItself(charons, endpoint)).toBe(false);
  });

  it("is none if the keys are elsewhere, or the folder has another compose file or none", async () => {
    const {place, keys} = writeStack("cdvn", "cdvn");
    await expect(findStack(undefined)).resolves.toBeUndefined();
    await expect(findStack(`${place}/validator_keys`)).resolves.toBeUndefined();
    await expect(findStack(`${folder.fresh()}/.charon/validator_keys`)).resolves.toBeUndefined();
    folder.write(`${place.slice(folder.path().length + 1)}/docker-compose.yml`, "networks:\n  default:\n");
    await expect(findStack(keys)).resolves.toBeUndefined();
    const lines = startLines(joinFilesIn("/etc/dvt/sidecar", "sidecar"));
    expect(lines[0]).toBe("sudo systemctl enable --now /etc/dvt/sidecar/dvt-sidecar.service");
  });
});
