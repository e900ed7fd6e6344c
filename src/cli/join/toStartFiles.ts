import {readFile, stat} from "node:fs/promises";
import {join} from "node:path";
import {isAtHome} from "../../centre/isAtHome.js";
import {builtFile, projectRoot} from "../../runtime/projectRoot.js";
import type {Stack} from "./findStack.js";
import {type JoinFiles, usualFolder} from "./joinFolder.js";

export type StartPlan = {
  readonly folder: string;
  /** The files and folders that the process reads and that are not its own: keystores, the definition. */
  readonly reads: readonly string[];
  /** Who it runs as: whoever may read the key shares. */
  readonly user: {readonly uid: number; readonly gid: number};
};

/** Who owns the key shares, so that the process can read them; without any, whoever calls, or called sudo. */
export async function ownerOf(path: string | undefined, env: NodeJS.ProcessEnv): Promise<{uid: number; gid: number}> {
  const found = path === undefined ? undefined : await stat(path).catch(() => undefined);
  if (found) return {uid: found.uid, gid: found.gid};
  const {SUDO_UID: uid, SUDO_GID: gid} = env;
  return {uid: Number(uid ?? process.getuid?.() ?? 0), gid: Number(gid ?? process.getgid?.() ?? 0)};
}

/** A unit for systemd with everything in it: the settings of all our units, this node's user, and what it may write. */
export async function toUnit({folder, reads, user: {uid, gid}}: StartPlan): Promise<string> {
  const common = await readFile(join(projectRoot, "docker", "systemd", "dvt-.service.d", "common.conf"), "utf8").catch(() => "");
  const section = (name: string): string =>
    new RegExp(`^\\[${name}\\]\\n((?:(?!\\[).*\\n?)*)`, "m").exec(common)?.[1]?.trim() ?? "";
  const main = builtFile("dvt.cjs");
  return `${[
    "[Unit]",
    "Description=dvt sidecar",
    section("Unit"),
    "",
    "[Service]",
    section("Service"),
    "# Whoever owns the key shares. Its folder is all that it writes.",
    `User=${uid}`,
    `Group=${gid}`,
    ...(isAtHome(folder, projectRoot, ...reads) ? ["ProtectHome=read-only"] : []),
    `ReadWritePaths=${folder}`,
    `EnvironmentFile=${join(folder, "sidecar.env")}`,
    `ExecStart=${process.execPath} --disable-proto=delete ${main} sidecar`,
    "",
    "[Install]",
    "WantedBy=multi-user.target",
  ].join("\n")}\n`;
}

/** A compose file with everything in it. Paths are the same inside and outside, and so are addresses of this machine. */
export function toCompose({folder, reads, user: {uid, gid}}: StartPlan): string {
  const beside = reads.filter((path) => !reads.some((other) => other !== path && path.startsWith(`${other}/`)));
  return `name: dvt-sidecar

services:
  sidecar:
    image: dvt-exits
    build:
      context: ${projectRoot}
      dockerfile: docker/Dockerfile
    command: [sidecar]
    # Whoever owns the key shares.
    user: "${uid}:${gid}"
    env_file: ${join(folder, "sidecar.env")}
    # The beacon node may be on this machine's loopback.
    network_mode: host
    init: true
    read_only: true
    cap_drop: [ALL]
    security_opt: ["no-new-privileges:true"]
    ulimits:
      core: 0
      nofile: 65536
    pids_limit: 128
    restart: unless-stopped
    stop_grace_period: 15s
    volumes:
      - ${folder}:${folder}
${beside.map((path) => `      - ${path}:${path}:ro\n`).join("")}`;
}

/** What starts the sidecar, each line for a shell. The first is the one for the stack that the node runs in. */
export const startLines = ({folder, unit, compose, settings}: JoinFiles, stack?: Stack): string[] => [
  ...(stack ? [stackLine(stack, folder)] : []),
  `sudo systemctl enable --now ${unit}`,
  `docker compose -f ${compose} up -d`,
  `(set -a; . ${settings}; dvt sidecar)`,
];

/** Compose reads a variable's earlier value in .env, so a line after the others adds to what COMPOSE_FILE has. */
function stackLine({folder, addition, usual, isIncluded}: Stack, own: string): string {
  const added = [
    ...(own === usualFolder("sidecar") ? [] : [`DVT_SIDECAR_FOLDER=${own}`]),
    `COMPOSE_FILE=\${COMPOSE_FILE:-${usual.join(":")}}:${addition}`,
  ];
  const include = `printf '\\n%s\\n' ${added.map((line) => `'${line}'`).join(" ")} >> .env && `;
  return `cd ${folder} && ${isIncluded ? "" : include}docker compose up -d dvt-sidecar`;
}
