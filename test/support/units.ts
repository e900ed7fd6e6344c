import {cp, mkdir, readFile} from "node:fs/promises";
import {dirname, join} from "node:path";
import {onTestFinished} from "vitest";
import {type Child, startChild} from "../../src/sandbox/childProcess.js";
import {temporaryFolder} from "./servers.js";

type Unit = {
  readonly command: readonly string[];
  readonly environmentFile: string | undefined;
  /** The files that systemd hands over, by name. */
  readonly credentials: ReadonlyMap<string, string>;
};

/** What of a unit is needed to run it without systemd. */
export function parseUnit(text: string): Unit {
  const lines = text.replaceAll("\\\n", " ").split("\n");
  const valuesOf = (name: string): string[] =>
    lines.filter((line) => line.startsWith(`${name}=`)).map((line) => line.slice(name.length + 1));
  const credentials = valuesOf("LoadCredential").map((it): [string, string] => {
    const [, id = "", path = ""] = /^([^:]+):(.*)$/.exec(it) ?? [];
    return [id, path];
  });
  return {
    command: (valuesOf("ExecStart")[0] ?? "").split(/ +/),
    environmentFile: valuesOf("EnvironmentFile")[0],
    credentials: new Map(credentials),
  };
}

/** The variables of an environment file, as systemd reads plain ones. */
export const parseEnvFile = (text: string): Record<string, string> =>
  Object.fromEntries([...text.matchAll(/^([A-Z_]+)=(.*)$/gm)].map(([, name = "", value = ""]) => [name, value]));

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
