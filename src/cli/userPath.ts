import {resolve} from "node:path";

/** npm runs scripts in the project's root; the user's relative paths start where the user is. */
export const userPath = (path: string, env: NodeJS.ProcessEnv = process.env): string =>
  resolve(env["INIT_CWD"] ?? process.cwd(), path);
