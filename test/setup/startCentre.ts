import {cp, mkdir, readFile, writeFile} from "node:fs/promises";
import {dirname} from "node:path";
import type {Child} from "../../src/sandbox/childProcess.js";
import {parseEnvFile, parseUnit} from "../support/parseUnit.js";
import {finished, type Machine} from "./machines.js";

/** The roles that the proof needs; the console is none of them. */
const roles = ["relayer", "aggregator"];

/**
 * Stands for `systemctl enable --now`, or compose: starts what the units of `dvt init` start, as root, with the database of this machine
 * instead of one with logins.
 */
export async function startCentre(centre: Machine, mongoUrl: string): Promise<void> {
  for (const role of roles) await writeFile(centre.path(`/etc/dvt/${role}/mongodb.url`), mongoUrl);
  const nats = await startUnit(centre, "nats");
  await nats.line(/Server is ready/);
  await finished(await startUnit(centre, "streams"), "dvt-streams");
  for (const role of roles) await startUnit(centre, role);
}

async function startUnit(machine: Machine, unit: string): Promise<Child> {
  const {command, environmentFile, credentials} = parseUnit(
    await readFile(machine.path(`/etc/dvt/systemd/dvt-${unit}.service`), "utf8"),
  );
  const state = `/var/lib/${unit === "nats" ? "nats" : `dvt/${unit}`}`;
  const handed = `/var/lib/credentials/${unit}`;
  for (const folder of [state, handed]) await mkdir(machine.path(folder), {recursive: true, mode: 0o700});
  for (const [id, file] of credentials) {
    await mkdir(dirname(machine.path(`${handed}/${id}`)), {recursive: true});
    await cp(machine.path(file), machine.path(`${handed}/${id}`));
  }
  const settings = environmentFile === undefined ? {} : parseEnvFile(await readFile(machine.path(environmentFile), "utf8"));
  const [program = "", ...args] = command.map((word) => word.replace(/\$\{CREDENTIALS_DIRECTORY\}/, handed));
  return machine.start(program, args, {env: {...settings, CREDENTIALS_DIRECTORY: handed}});
}
