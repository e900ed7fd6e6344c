import {readFileSync} from "node:fs";
import {join} from "node:path";
import {builtFile, projectRoot} from "../runtime/projectRoot.js";

/** The version in package.json. */
export const {version} = JSON.parse(readFileSync(join(projectRoot, "package.json"), "utf8")) as {version: string};

/** The commit that was built; undefined if the build had no git, as that of a tarball. */
export const commit = readCommit(builtFile("commit"));

/** Undefined if the file is missing, or holds something else. */
export function readCommit(path: string): string | undefined {
  try {
    return /^[0-9a-f]{7,40}(-dirty)?$/.exec(readFileSync(path, "utf8").trim())?.[0];
  } catch {
    return undefined;
  }
}

/** Both, as semver has it: 0.1.0+a92f606d6b1c. */
export const fullVersion = commit === undefined ? version : `${version}+${commit}`;
