import {readFileSync} from "node:fs";
import {wrap} from "node:module";
import {join} from "node:path";
import {Script} from "node:vm";

type Run = (exports: unknown, require: NodeJS.Require, module: {exports: unknown}, filename: string, dirname: string) => void;

/** In the bundle's folder. V8 takes compiled code of its own version, for the same kind of machine. */
export const compiledFolder = `compiled-${process.versions.v8}-${process.arch}`;

/**
 * Runs the program in this folder with the code that V8 compiled when the bundle was built, where it is there: to compile it again
 * takes more than half of a start's CPU time. `outside` finds everything else, as for a file in this folder. Node.js could store compiled
 * code itself from version 22 on, while it runs, in a folder that each user of the machine may have to write to.
 */
export function loadBundle(
  folder: string,
  outside: NodeJS.Require,
  onCompiled: (name: string, script: Script) => void = () => {},
): void {
  const main = "./main.cjs";
  // Only Node.js' own loader reads source maps.
  if (process.sourceMapsEnabled) return void outside(main);
  const loaded = new Map<string, {exports: unknown}>();

  /** As Node.js does: what is imported in a circle is there as far as it has run. */
  function load(id: string): unknown {
    if (!id.startsWith("./")) return outside(id);
    const known = loaded.get(id);
    if (known) return known.exports;
    const module = {exports: {}};
    const script = compile(folder, id.slice(2));
    loaded.set(id, module);
    try {
      (script.runInThisContext() as Run)(module.exports, require, module, join(folder, id), folder);
    } catch (error) {
      loaded.delete(id);
      throw error;
    }
    onCompiled(id.slice(2), script);
    return module.exports;
  }

  const require: NodeJS.Require = Object.assign(load, outside);
  load(main);
}

/** V8 compares a file's length alone with that of what it compiled: a build has to replace both. */
export function compile(folder: string, name: string): Script {
  const filename = join(folder, name);
  const cachedData = readIfThere(join(folder, compiledFolder, name));
  return new Script(wrap(readFileSync(filename, "utf8")), {filename, ...(cachedData && {cachedData})});
}

function readIfThere(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}
