import {readFile} from "node:fs/promises";
import {join} from "node:path";
import type {BenchRole} from "./benchSystem.js";

/** The environment that makes a role watch its event loop. */
export const watched = (folder: string, name: string): Record<string, string> => ({
  NODE_OPTIONS: `--import=${new URL("./watchLoop.js", import.meta.url).href}`,
  BENCH_LOOP: fileOf(folder, name),
});

const fileOf = (folder: string, name: string): string => join(folder, `${name}.loop.json`);

/** What was before is forgotten. */
export const forgetDelays = (roles: readonly BenchRole[]): void => {
  for (const {child} of roles) child.process.kill("SIGUSR2");
};

/** In milliseconds; known once the role has ended. */
export const readDelay = async (folder: string, name: string): Promise<{p50: number; p99: number}> =>
  JSON.parse(await readFile(fileOf(folder, name), "utf8"));
