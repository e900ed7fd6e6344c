import {setTimeout as delay} from "node:timers/promises";
import type {Shutdown} from "../../src/runtime/shutdown.js";
import {type Figure, toFigure} from "./figures.js";
import {type BenchRole, type BenchSystem, createBenchSystem, type RoleName} from "./system/benchSystem.js";
import {messagesIn, untilQuiet} from "./system/busFigures.js";
import {fillDatabase} from "./system/fillDatabase.js";
import {startOperator} from "./system/operator.js";
import {peakMiBOf, residentMiBOf} from "./system/processFigures.js";

export type StartOptions = {clusters: number; validators: number; exits: number; rounds: number};

const cluster = {sidecars: 4, threshold: 3, oracles: 11, oracleThreshold: 6, count: false};

/** What waits for the role while it is away. */
const waitsIn = {relayer: "REQUESTS", aggregator: "EXIT_SHARES", sidecar: undefined} as const;

type Start = {role: RoleName; startedMs: number; handledMs: number; residentMiB: number; peakMiB: number};

export async function measureStart(
  {clusters, validators, exits, rounds}: StartOptions,
  {shutdown, announce}: {shutdown: Shutdown; announce: (step: string) => void},
): Promise<{figures: Figure[]; database: string}> {
  const system = await createBenchSystem({...cluster, clusters, validators}, {shutdown, announce});
  announce(`writing ${exits} answered exits and ${validators} open ones`);
  await fillDatabase(system, {answered: exits, shares: cluster.threshold - 1});
  announce("starting everything once");
  const running = new Map<RoleName, BenchRole>();
  for (const role of ["relayer", "aggregator", "sidecar"] as const) running.set(role, await system.start(role));
  for (let node = 1; node < cluster.sidecars; node++) await system.start("sidecar", {node});
  const operator = await startOperator(system, {shutdown});

  const starts: Start[] = [];
  for (let round = 1; round <= rounds; round++) {
    for (const role of ["relayer", "aggregator", "sidecar"] as const) {
      announce(`round ${round} of ${rounds}: starting the ${role}`);
      await running.get(role)?.child.stop();
      const answered = operator.ask([{publicKey: system.publicKeys[0] as string, validatorIndex: 10 + starts.length}]);
      answered.catch(() => {});
      // The other sidecars are enough for an answer, and this one's message waits all the same.
      await (waitsIn[role] === undefined ? answered : untilWaiting(system, waitsIn[role], shutdown.signal));
      const started = await system.start(role, {env: {LOG_LEVEL: "debug"}});
      running.set(role, started);
      const handledMs = await started.handledMs;
      await answered;
      await untilQuiet(system.nats, shutdown.signal);
      const pid = started.child.process.pid as number;
      starts.push({role, startedMs: started.startedMs, handledMs, residentMiB: residentMiBOf(pid), peakMiB: peakMiBOf(pid)});
    }
  }
  const figures = (["relayer", "aggregator", "sidecar"] as const).flatMap((role) => {
    const own = starts.filter((start) => start.role === role);
    return [
      toFigure(
        `${role}: started`,
        "ms",
        own.map(({startedMs}) => startedMs),
      ),
      toFigure(
        `${role}: first message handled`,
        "ms",
        own.map(({handledMs}) => handledMs),
      ),
      toFigure(
        `${role}: memory after that`,
        "MiB",
        own.map(({residentMiB}) => residentMiB),
      ),
      toFigure(
        `${role}: peak memory`,
        "MiB",
        own.map(({peakMiB}) => peakMiB),
      ),
    ];
  });
  return {figures, database: system.database.kind};
}

async function untilWaiting(system: BenchSystem, stream: string, signal: AbortSignal): Promise<void> {
  while ((await messagesIn(system.nats, stream)) === 0) await delay(100, undefined, {signal});
}
