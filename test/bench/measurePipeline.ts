import {setTimeout as delay} from "node:timers/promises";
import type {Shutdown} from "../../src/runtime/shutdown.js";
import {type Figure, toFigure, withSign} from "./figures.js";
import {signPart} from "./parts.js";
import {percentile, sum} from "./statistics.js";
import {
  type BenchRole,
  type BenchSystem,
  createBenchSystem,
  endedEarly,
  type RoleName,
  type SystemOptions,
} from "./system/benchSystem.js";
import {busCounts, untilQuiet} from "./system/busFigures.js";
import {forgetDelays, readDelay, watched} from "./system/loopDelay.js";
import {type BenchOperator, startOperator} from "./system/operator.js";
import type {Answer} from "./system/operatorMessages.js";
import {cpuMsOf, peakMiBOf} from "./system/processFigures.js";
import {profiled, topFunctions} from "./system/roleProfile.js";
import {makeReady, timeParts} from "./timeParts.js";

export type PipelineOptions = SystemOptions & {
  aggregators: number;
  relayers: number;
  rounds: number;
  singles: number;
  /** A folder for what each process spent its time on. */
  profile?: string;
};

type Counts = ReadonlyMap<string, {unit: string; value: number}>;
type Round = {signMs: number; answer: Answer; exits: number; used: Counts};
type Running = {
  system: BenchSystem;
  roles: readonly BenchRole[];
  operator: BenchOperator;
  operatorMs: number;
  shutdown: Shutdown;
};

/** The first requests find code that was never run and connections that were never used. */
export const warmUps = 10;

export async function measurePipeline(
  options: PipelineOptions,
  {shutdown, announce}: {shutdown: Shutdown; announce: (step: string) => void},
): Promise<{figures: Figure[]; database: string; profiles: string[]}> {
  const system = await createBenchSystem(options, {shutdown, announce});
  const running = {...(await startAll(system, options, {shutdown, announce})), shutdown};
  const measured = measureRounds(running, options, announce);
  const figures = await Promise.race([measured, ...running.roles.map(endedEarly)]);
  // A process tells of its event loop, or writes its profile, when it ends.
  await Promise.all(running.roles.map(({child}) => child.stop()));
  const isProfiled = options.profile !== undefined;
  const delays = isProfiled ? [] : await delayFigures(running);
  const profiles = isProfiled ? await readProfiles(running, options.profile as string) : [];
  return {figures: [...startFigures(running.roles), ...figures, ...delays], database: system.database.kind, profiles};
}

/** One after the other: each has the machine for itself when it starts. */
async function startAll(
  system: BenchSystem,
  {relayers, aggregators, sidecars, profile}: PipelineOptions,
  {shutdown, announce}: {shutdown: Shutdown; announce: (step: string) => void},
): Promise<{system: BenchSystem; roles: BenchRole[]; operator: BenchOperator; operatorMs: number}> {
  announce("starting the roles, one after the other, and the operator");
  const roles: BenchRole[] = [];
  for (const [name, count] of [
    ["relayer", relayers],
    ["aggregator", aggregators],
    ["sidecar", sidecars],
  ] as const) {
    for (let node = 0; node < count; node++) {
      shutdown.signal.throwIfAborted();
      const own = `${name}-${node + 1}`;
      const env = profile === undefined ? watched(system.folder, own) : profiled(profile, own);
      roles.push(await system.start(name, {node, env}));
    }
  }
  const spawnedAt = performance.now();
  const operator = await startOperator(system, {shutdown, env: profile === undefined ? {} : profiled(profile, "operator-1")});
  return {system, roles, operator, operatorMs: performance.now() - spawnedAt};
}

async function measureRounds(running: Running, options: PipelineOptions, announce: (step: string) => void): Promise<Figure[]> {
  const singles: Answer[] = [];
  if (options.singles > 0) announce(`asking for one exit at a time, ${options.singles} times; the first ${warmUps} do not count`);
  for (let index = 0; index < options.singles; index++) {
    const publicKey = running.system.publicKeys[index % options.validators] as string;
    singles.push(await askAnew(running, [{publicKey, validatorIndex: 1_000_000 + index}]));
    await delay(100);
  }
  const rounds: Round[] = [];
  // Code that is run for the first time is not what a full load is.
  if (options.profile === undefined) forgetDelays(running.roles);
  for (let round = 1; round <= options.rounds; round++) {
    announce(`round ${round} of ${options.rounds}: asking for ${options.validators} exits`);
    rounds.push(await measureRound(running, round));
  }
  return [...batchFigures(rounds), ...singleFigures(singles.slice(warmUps)), ...useFigures(rounds), ...memoryFigures(running)];
}

async function measureRound(running: Running, round: number): Promise<Round> {
  const [signMicroseconds = Number.NaN] = await timeParts([makeReady(signPart)], 500);
  const validators = running.system.publicKeys.map((publicKey, position) => ({
    publicKey,
    validatorIndex: 2_000_000 + round * running.system.publicKeys.length + position,
  }));
  const before = await countsOf(running);
  const answer = await askAnew(running, validators);
  const after = await countsOf(running);
  const used = new Map([...after].map(([name, {unit, value}]) => [name, {unit, value: value - (before.get(name)?.value ?? 0)}]));
  return {signMs: signMicroseconds / 1000, answer, exits: validators.length, used};
}

/** As if the keys were asked for the first time: what was asked before would be told that it is superseded. Back when all is done. */
async function askAnew({system, operator, shutdown}: Running, validators: Parameters<BenchOperator["ask"]>[0]): Promise<Answer> {
  await system.database.store.db.collection("requests").deleteMany({});
  const answer = await operator.ask(validators);
  // The shares above the threshold come after the completions.
  await untilQuiet(system.nats, shutdown.signal);
  return answer;
}

const plural: Record<RoleName, string> = {relayer: "relayers", aggregator: "aggregators", sidecar: "sidecars"};

async function countsOf({system, roles, operator}: Running): Promise<Counts> {
  // Pulls, presence and sweeps go on with time, whatever is asked for.
  const counts = new Map([["time", {unit: "ms/exit", value: performance.now()}]]);
  const addCpu = (name: string, pid: number): void => {
    const value = (counts.get(`CPU: ${name}`)?.value ?? 0) + cpuMsOf(pid);
    counts.set(`CPU: ${name}`, {unit: "ms/exit", value});
  };
  for (const {name, child} of roles) addCpu(plural[name], child.process.pid as number);
  addCpu("operator", operator.pid);
  addCpu("nats-server", system.nats.process.pid as number);
  addCpu("database", system.database.pid);
  counts.set("CPU: everything", {
    unit: "ms/exit",
    value: sum([...counts].flatMap(([name, {value}]) => (name.startsWith("CPU: ") ? [value] : []))),
  });
  for (const [role, counter] of system.counters) {
    for (const [command, value] of counter.counts) counts.set(`database: ${role} ${command}`, {unit: "commands/exit", value});
    counts.set(`database: ${role} in all`, {unit: "commands/exit", value: sum([...counter.counts.values()])});
  }
  return new Map([...counts, ...(await busCounts(system.nats))]);
}

const startFigures = (roles: readonly BenchRole[]): Figure[] =>
  [...new Set(roles.map(({name}) => name))].map((role) =>
    toFigure(
      `start: ${plural[role]}`,
      "ms",
      roles.flatMap(({name, startedMs}) => (name === role ? [startedMs] : [])),
    ),
  );

function batchFigures(rounds: readonly Round[]): Figure[] {
  const completed = rounds.map(({answer}) => answer.completedMs);
  const latency = (part: number): number[] => completed.map((times) => percentile(times, part));
  return [
    toFigure(
      "sign",
      "ms",
      rounds.map(({signMs}) => signMs),
    ),
    toFigure(
      "batch: exits per second",
      "exits/s",
      rounds.map(({answer, exits}) => (1000 * exits) / Math.max(...answer.completedMs)),
    ),
    toFigure("batch: completed, 50th percentile", "ms", latency(0.5)),
    toFigure("batch: completed, 95th percentile", "ms", latency(0.95)),
    toFigure("batch: completed, 99th percentile", "ms", latency(0.99)),
    toFigure(
      "batch: whole call",
      "ms",
      rounds.map(({answer}) => answer.wholeMs),
    ),
  ];
}

function singleFigures(singles: readonly Answer[]): Figure[] {
  if (singles.length === 0) return [];
  const completed = singles.flatMap(({completedMs}) => completedMs);
  const whole = singles.map(({wholeMs}) => wholeMs);
  return [
    toFigure("single: completed", "ms", completed),
    toFigure("single: completed, 95th percentile", "ms", [percentile(completed, 0.95)]),
    toFigure("single: whole call", "ms", whole),
    toFigure("single: whole call, 95th percentile", "ms", [percentile(whole, 0.95)]),
  ];
}

/** What was used, of one exit. */
function useFigures(rounds: readonly Round[]): Figure[] {
  const names = [...new Set(rounds.flatMap(({used}) => [...used.keys()]))];
  return names.map((name) => {
    const unit = rounds.flatMap(({used}) => used.get(name)?.unit ?? [])[0] ?? "";
    const figure = toFigure(
      name,
      unit,
      rounds.map(({used, exits}) => (used.get(name)?.value ?? 0) / exits),
    );
    return name.startsWith("CPU: ")
      ? withSign(
          figure,
          rounds.map(({signMs}) => signMs),
        )
      : figure;
  });
}

function memoryFigures({system, roles, operator}: Running): Figure[] {
  const ofRole = (role: RoleName): number[] =>
    roles.flatMap(({name, child}) => (name === role ? [peakMiBOf(child.process.pid as number)] : []));
  return [
    ...(["relayer", "aggregator", "sidecar"] as const).map((role) =>
      toFigure(`peak memory: ${plural[role]}`, "MiB", ofRole(role)),
    ),
    toFigure("peak memory: operator", "MiB", [peakMiBOf(operator.pid)]),
    toFigure("peak memory: nats-server", "MiB", [peakMiBOf(system.nats.process.pid as number)]),
    toFigure("peak memory: database", "MiB", [peakMiBOf(system.database.pid)]),
  ];
}

/** How late the event loops were in all the rounds. */
async function delayFigures({system, roles}: Running): Promise<Figure[]> {
  const delaysOf = async (role: RoleName) => {
    const count = roles.filter(({name}) => name === role).length;
    return Promise.all(Array.from({length: count}, (_, node) => readDelay(system.folder, `${role}-${node + 1}`)));
  };
  const figures: Figure[] = [];
  for (const role of ["relayer", "aggregator", "sidecar"] as const) {
    const delays = await delaysOf(role);
    figures.push(
      toFigure(
        `event loop delay: ${plural[role]}, 99th percentile`,
        "ms",
        delays.map(({p99}) => p99),
      ),
    );
  }
  return figures;
}

/** One of each kind. */
async function readProfiles({roles, operator, operatorMs}: Running, folder: string): Promise<string[]> {
  const profiles: string[] = [];
  for (const name of ["relayer", "aggregator", "sidecar"] as const) {
    const role = roles.find((other) => other.name === name) as BenchRole;
    profiles.push(`${name}, after its start:`, ...(await topFunctions(folder, `${name}-1`, role.startedMs)), "");
  }
  await operator.stop();
  profiles.push("operator, after its start:", ...(await topFunctions(folder, "operator-1", operatorMs)), "");
  return profiles;
}
