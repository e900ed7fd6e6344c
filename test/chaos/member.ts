import {readFile} from "node:fs/promises";
import {setTimeout as delay} from "node:timers/promises";
import {projectRoot} from "../../src/runtime/projectRoot.js";
import type {Child} from "../../src/sandbox/childProcess.js";
import {startDvt} from "../../src/sandbox/dvtProcess.js";

/** One process of the system, kept as its supervisor would: one that ends with 75 is started again, any other end is a finding. */
export type Member = {
  readonly name: string;
  /** Back when it takes messages. `clockOffsetMs`: by how much its wall clock is off until it starts again. */
  start(options?: {clockOffsetMs?: number}): Promise<void>;
  /** SIGKILL: it stays away until it is started. */
  kill(): Promise<void>;
  /** SIGTERM, as an administrator would; what it ended with. */
  stop(): Promise<number | NodeJS.Signals>;
  signal(signal: NodeJS.Signals): void;
  pid(): number;
  /** The most memory that any of its processes had that ran for long enough to be asked. */
  peakMiB(): Promise<number>;
  /** What no supervisor should have seen. */
  readonly findings: string[];
  /** How often it asked to be started again. */
  restarts(): number;
  output(): string;
};

const shiftClock = new URL(`file://${projectRoot}/test/chaos/shiftClock.mjs`).href;

export const clockEnv = (offsetMs: number): Record<string, string> =>
  offsetMs === 0 ? {} : {NODE_OPTIONS: `--import=${shiftClock}`, CHAOS_CLOCK_MS: String(offsetMs)};

type MemberOptions = {name: string; role: string; env: Readonly<Record<string, string>>; announce: (step: string) => void};

export function createMember({name, role, env, announce}: MemberOptions): Member {
  const findings: string[] = [];
  const children: Child[] = [];
  let child: Child | undefined;
  /** It is to be away: its end is no surprise. */
  let away = true;
  let restarts = 0;
  let peak = 0;

  const launch = (extra: Record<string, string>): Child => {
    const started = startDvt([role], {...env, ...extra}, {name});
    child = started;
    children.push(started);
    void started.ended.then(async (code) => {
      if (away || child !== started) return;
      if (code === 75) {
        restarts++;
        announce(`${name} asks to be started again`);
        await delay(1000);
        if (!away && child === started) launch(extra);
        return;
      }
      announce(`${name} ended by itself with ${code}`);
      findings.push(`${name} ended by itself with ${code}:\n${started.output().split("\n").slice(-8).join("\n")}`);
    });
    return started;
  };

  const running = (): Child => {
    if (!child) throw new Error(`${name} was never started`);
    return child;
  };

  return {
    name,
    findings,
    async start({clockOffsetMs = 0} = {}) {
      away = false;
      const started = launch(clockEnv(clockOffsetMs));
      // One that cannot start now, for what heals later, is started again by `launch`: that it works in the end is looked at then.
      await Promise.race([started.line(new RegExp(`${role} started`)).catch(() => {}), delay(30_000, undefined, {ref: false})]);
    },
    async kill() {
      away = true;
      running().process.kill("SIGKILL");
      await running().ended;
    },
    async stop() {
      away = true;
      await running().stop();
      return running().ended;
    },
    signal: (signal) => void running().process.kill(signal),
    pid: () => running().process.pid as number,
    async peakMiB() {
      const status = await readFile(`/proc/${running().process.pid}/status`, "utf8").catch(() => "");
      const [, kib] = /VmHWM:\s+(\d+) kB/.exec(status) ?? [];
      peak = Math.max(peak, Number(kib ?? 0) / 1024);
      return peak;
    },
    restarts: () => restarts,
    output: () => children.map((it) => it.output()).join("\n"),
  };
}
