import {resolve} from "node:path";

/** Resolves a path of the user: npm runs scripts in the project's root, and INIT_CWD is the user's own folder. */
export const userPath = (path: string, env: Record<string, string | undefined>): string =>
  resolve(env["INIT_CWD"] ?? process.cwd(), path);
