import {readFile} from "node:fs/promises";
import {getHeapStatistics} from "node:v8";

/** The limits of this process. */
export type Limits = {
  /** The largest heap that Node.js allows, in MiB. */
  readonly heapMib: number;
  /** The limit on open files and connections; undefined if the system does not report it. */
  readonly openFiles: number | undefined;
};

/** About what a role with a few thousand validators needs: docs/performance.md. */
const leastHeapMib = 192;
/** The usual default. Loading our own code takes over a hundred, and the connections of a role as many again. */
const leastOpenFiles = 1024;

/** Why this process would fail under load, and what to set. */
export function processProblem({heapMib, openFiles = leastOpenFiles}: Limits): string | undefined {
  if (heapMib < leastHeapMib) {
    return (
      `start: Node.js may use ${Math.floor(heapMib)} MiB of memory for its heap, which is too little; give the machine or the ` +
      "container 1 GiB, or set NODE_OPTIONS=--max-old-space-size=512"
    );
  }
  if (openFiles < leastOpenFiles) {
    return (
      `start: this process may have only ${openFiles} files and connections open, which is too few; allow it ${leastOpenFiles} or more ` +
      "(`ulimit -n`, systemd's LimitNOFILE, compose's ulimits)"
    );
  }
  return undefined;
}

/** Reads the limits; Node.js has already raised the soft limit on open files to the hard one. */
export async function readLimits(): Promise<Limits> {
  const limits = await readFile("/proc/self/limits", "utf8").catch(() => "");
  const openFiles = /^Max open files +(\d+)/m.exec(limits)?.[1];
  return {
    heapMib: getHeapStatistics().heap_size_limit / 2 ** 20,
    openFiles: openFiles === undefined ? undefined : Number(openFiles),
  };
}
