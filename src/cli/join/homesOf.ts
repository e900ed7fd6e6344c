import {readFile} from "node:fs/promises";
import {homedir} from "node:os";

/**
 * The homes of who calls: under sudo first that of whoever called it, because HOME is root's there. A user whom the passwd file does not
 * list has none.
 */
export async function homesOf(env: NodeJS.ProcessEnv, passwdFile = "/etc/passwd"): Promise<string[]> {
  const {SUDO_USER: caller, HOME: own = homedir()} = env;
  if (caller === undefined) return [own];
  const passwd = await readFile(passwdFile, "utf8").catch(() => "");
  const entries = passwd.split("\n").map((line) => line.split(":"));
  // name:password:uid:gid:comment:home:shell
  const home = entries.find(([name]) => name === caller)?.[5];
  return home?.startsWith("/") ? [...new Set([home, own])] : [own];
}
