import {dirname, posix} from "node:path";

/** What an import names, by a path from the root where it is relative; `undefined` where it is not a plain string. */
export type Imported = string | undefined;

/** From the start of a line, as the formatter writes them: `import … from "x"`, `import "x"` and `export … from "x"`. */
const statement = /^(?:import(?: [^;"]* from)?|export (?:type )?(?:\*[^;"]*|\{[^}]*\}) from) "([^"]+)"/gm;
/** Anywhere: `import("x")`, of a value or a type, `import.meta.resolve("x")`, `require("x")`. */
const call = /\b(?:import|import\.meta\.resolve|require)\(\s*(?:"([^"]+)")?/g;
/** `createRequire(…)("x")`; one that is kept for later is not plain. */
const created = /\bcreateRequire\([^)]*\)(?:\("([^"]+)")?/g;
/** A module that a worker thread loads. */
const worker = /\bnew URL\("([^"]+\.[cm]?js)", import\.meta\.url\)/g;

/** Everything that a source file imports: values and types, at the start and later on. */
export const importsIn = (path: string, text: string): Imported[] =>
  [statement, call, created, worker].flatMap((pattern) =>
    [...text.matchAll(pattern)].map(([, name]) => (name?.startsWith(".") ? posix.join(dirname(path), name) : name)),
  );
