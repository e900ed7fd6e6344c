import {execFileSync} from "node:child_process";
import {mkdir} from "node:fs/promises";
import {cpus} from "node:os";
import {dirname, join} from "node:path";
import {Type} from "typebox";
import {DvtError} from "../../src/errors.js";
import {readJson, writeFileAtomic} from "../../src/runtime/files.js";
import {projectRoot} from "../../src/runtime/projectRoot.js";
import {userPath} from "../../src/runtime/userPath.js";
import type {Figure, Run} from "./figures.js";

const Numbers = Type.Array(Type.Number());
const RunFile = Type.Object({
  benchmark: Type.String(),
  commit: Type.String(),
  at: Type.String(),
  machine: Type.String(),
  options: Type.Record(Type.String(), Type.Unknown()),
  figures: Type.Array(Type.Object({name: Type.String(), unit: Type.String(), values: Numbers, perSign: Type.Optional(Numbers)})),
});

export function toRun(benchmark: string, options: Record<string, unknown>, figures: readonly Figure[]): Run {
  const processors = cpus();
  const machine = `Node.js ${process.versions.node}, ${processors.length} × ${processors[0]?.model ?? "unknown processor"}`;
  return {benchmark, commit: currentCommit(), at: new Date().toISOString(), machine, options, figures};
}

function currentCommit(): string {
  const git = (...args: string[]): string =>
    execFileSync("git", args, {cwd: projectRoot, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"]}).trim();
  try {
    return `${git("rev-parse", "--short=10", "HEAD")}${git("status", "--porcelain", "src", "schemas") === "" ? "" : "+"}`;
  } catch {
    return "unknown";
  }
}

/** Runs of this benchmark that earlier calls wrote. */
export async function readRuns(paths: readonly string[], benchmark: string): Promise<Run[]> {
  const runs = await Promise.all(
    paths.map((path) => readJson(userPath(path, process.env), "an earlier run", RunFile, "FILE_UNREADABLE")),
  );
  for (const [position, run] of runs.entries()) {
    if (run.benchmark !== benchmark) {
      throw new DvtError("USAGE", `compare with ${paths[position]}: it is a run of ${run.benchmark}, not of ${benchmark}`);
    }
  }
  return runs as Run[];
}

/** Where --json says, or else below bench-results; returns the path. */
export async function writeRun(run: Run, path: string | undefined): Promise<string> {
  const name = `${run.benchmark}-${run.at.replace(/[:.]/g, "-")}.json`;
  const file = path === undefined ? join(projectRoot, "bench-results", name) : userPath(path, process.env);
  await mkdir(dirname(file), {recursive: true});
  await writeFileAtomic(file, `${JSON.stringify(run, undefined, 2)}\n`);
  return file;
}
