import {cp, mkdir, readFile} from "node:fs/promises";
import {dirname, join} from "node:path";
import {onTestFinished} from "vitest";
import {type Child, startChild} from "../../src/sandbox/childProcess.js";
import {parseEnvFile, parseUnit} from "./parseUnit.js";
import {temporaryFolder} from "./servers.js";

type Changes = {
  /** Instead of what the settings say. */
  env?: Readonly<Record<string, string>>;
  /** Instead of files that systemd hands over. */
  credentials?: Readonly<Record<string, string>>;
};

/** Runs the unit's command with its settings and credentials, as this user; it ends with the test. */
export async function startUnit(path: string, {env = {}, credentials: changed = {}}: Changes = {}): Promise<Child> {
  const {command, environmentFile, credentials} = parseUnit(await readFile(path, "utf8"));
  const CREDENTIALS_DIRECTORY = join(await temporaryFolder(), "credentials");
  for (const [id, file] of credentials) {
    await mkdir(dirname(join(CREDENTIALS_DIRECTORY, id)), {recursive: true});
    await cp(changed[id] ?? file, join(CREDENTIALS_DIRECTORY, id));
  }
  const settings = environmentFile === undefined ? {} : parseEnvFile(await readFile(environmentFile, "utf8"));
  const all = {PATH: process.env["PATH"] ?? "", CREDENTIALS_DIRECTORY, ...settings, ...env};
  const [program = "", ...args] = command.map((word) => word.replace(/\$\{CREDENTIALS_DIRECTORY\}/, CREDENTIALS_DIRECTORY));
  const child = startChild(program, args, {env: all, name: path});
  onTestFinished(child.stop);
  return child;
}
