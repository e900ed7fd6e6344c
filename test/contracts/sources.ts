import {createHash} from "node:crypto";
import {readdirSync, readFileSync} from "node:fs";
import {join} from "node:path";
import {projectRoot} from "../../src/runtime/projectRoot.js";

/** Below the root of the project. */
const sourcesFolder = "test/contracts";
/** What demo and tests deploy. */
export const artifactsFile = "src/sandbox/contracts/artifacts.json";

/** The version of the npm package, and how it compiles. A chain that runs the contracts must know its EVM. */
export const compiler = {
  version: "0.8.30",
  settings: {optimizer: {enabled: true, runs: 200}, evmVersion: "cancun", metadata: {appendCBOR: false}},
};

/** The sources of our own contracts, by file name. */
export function readSources(): Record<string, {content: string}> {
  const folder = join(projectRoot, sourcesFolder);
  const names = readdirSync(folder).filter((name) => name.endsWith(".sol"));
  return Object.fromEntries(names.sort().map((name) => [name, {content: readFileSync(join(folder, name), "utf8")}]));
}

/** In hex; changes with what the compiler is given. */
export const hashOfSources = (): string =>
  createHash("sha256")
    .update(JSON.stringify([compiler, readSources()]))
    .digest("hex");
