import {readFileSync} from "node:fs";
import {join} from "node:path";
import {projectRoot} from "../runtime/projectRoot.js";

/** The version in package.json. */
export const {version} = JSON.parse(readFileSync(join(projectRoot, "package.json"), "utf8")) as {version: string};
