import {readFile} from "node:fs/promises";
import {join} from "node:path";

type Frame = {functionName: string; url: string; lineNumber: number};
type CpuProfile = {nodes: {id: number; callFrame: Frame}[]; samples: number[]; timeDeltas: number[]};

/** The environment that makes a Node.js process write what it spent its time on, when it ends. */
export const profiled = (folder: string, name: string): Record<string, string> => ({
  NODE_OPTIONS: `--import=${new URL("./profileSelf.js", import.meta.url).href}`,
  BENCH_PROFILE: join(folder, `${name}.cpuprofile`),
});

/** The functions that it spent most time in itself, as parts of the time that it worked; what came before `fromMs` is left out. */
export async function topFunctions(folder: string, name: string, fromMs: number, count = 10): Promise<string[]> {
  const profile: CpuProfile = JSON.parse(await readFile(join(folder, `${name}.cpuprofile`), "utf8"));
  const names = new Map(profile.nodes.map(({id, callFrame}) => [id, toName(callFrame)]));
  const self = new Map<string, number>();
  let atMs = 0;
  for (const [position, id] of profile.samples.entries()) {
    const ms = (profile.timeDeltas[position] ?? 0) / 1000;
    atMs += ms;
    const called = names.get(id) ?? "";
    if (atMs >= fromMs && called !== "(idle)") self.set(called, (self.get(called) ?? 0) + ms);
  }
  const all = [...self.values()].reduce((total, ms) => total + ms, 0);
  return [...self]
    .toSorted(([, a], [, b]) => b - a)
    .slice(0, count)
    .map(([called, ms]) => `${((100 * ms) / all).toFixed(1).padStart(5)} %  ${ms.toFixed(0).padStart(6)} ms  ${called}`);
}

const toName = ({functionName, url, lineNumber}: Frame): string =>
  `${functionName || "(anonymous)"}${url ? ` ${url.replace(/^.*\/(node_modules|dist)\//, "")}:${lineNumber + 1}` : ""}`;
