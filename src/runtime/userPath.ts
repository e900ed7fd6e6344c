import {resolve} from "node:path";

/** npm runs scripts in the project's root and tells in INIT_CWD where the user is: there their relative paths start. */
export const userPath = (path: string, env: Record<string, string | undefined>): string =>
  resolve(env["INIT_CWD"] ?? process.cwd(), path);
