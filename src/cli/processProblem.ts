import {readFile} from "node:fs/promises";
import {getHeapStatistics} from "node:v8";

export type Limits = {
  /** MiB that Node.js takes for its objects at most. */
  readonly heapMib: number;
  /** Files and connections at once; undefined where the system does not tell. */
  readonly openFiles: number | undefined;
};

/** A role with some thousand validators needs about as much: docs/performance.md. */
const leastHeapMib = 192;
/** What systems give as they come. Reading our own code takes more than a hundred, a role's connections as many again. */
const leastOpenFiles = 1024;

/** Why this process would break down in the middle of its work, and what to set. */
export function processProblem({heapMib, openFiles = leastOpenFiles}: Limits): string | undefined {
  if (heapMib < leastHeapMib) {
    return (
      `start: Node.js may use ${Math.floor(heapMib)} MiB of memory for its heap, which is too little; give the machine or the ` +
      "container 1 GiB, or set NODE_OPTIONS=--max-old-space-size=512"
    );
  }
  if (openFiles < leastOpenFiles) {
    return (
      `start: this process may have ${openFiles} files and connections open, which are too few; allow it ${leastOpenFiles} or more ` +
      "(`ulimit -n`, systemd's LimitNOFILE, compose's ulimits)"
    );
  }
  return undefined;
}

/** Node.js has raised the soft limit to the hard one by now. */
export async function readLimits(): Promise<Limits> {
  const limits = await readFile("/proc/self/limits", "utf8").catch(() => "");
  const openFiles = /^Max open files +(\d+)/m.exec(limits)?.[1];
  return {
    heapMib: getHeapStatistics().heap_size_limit / 2 ** 20,
    openFiles: openFiles === undefined ? undefined : Number(openFiles),
  };
}
