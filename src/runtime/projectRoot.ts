import {existsSync} from "node:fs";
import {dirname, join} from "node:path";
import {fileURLToPath} from "node:url";

const findRoot = (folder: string): string => (existsSync(join(folder, "package.json")) ? folder : findRoot(dirname(folder)));

/** The root of the checkout, whether this runs from src or from dist. */
export const projectRoot = findRoot(dirname(fileURLToPath(import.meta.url)));

/** The path of a file that `rolldown.config.ts` builds. */
export const builtFile = (...path: readonly string[]): string => join(projectRoot, "dist", ...path);
