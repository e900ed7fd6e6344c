import {type ChildProcess, spawn} from "node:child_process";
import {once} from "node:events";
import type {Socket} from "node:net";
import {createInterface} from "node:readline";
import {DvtError} from "../errors.js";

/** A process that was started here. */
export type Child = {
  readonly process: ChildProcess;
  /** Everything that it has printed so far. */
  output(): string;
  /** The first line that matches, already printed or to come. Rejects with the whole output when the process ends before. */
  line(pattern: RegExp): Promise<RegExpExecArray>;
  /** Its exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>;
  /** Sends SIGTERM, and SIGKILL after 10 s. */
  stop(): Promise<void>;
};

/** Each is in a group of its own, so a signal to ours would leave them running. */
const running = new Set<ChildProcess>();
process.on("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

/** Reads which processes run, until the pipe ends; kills the group of each that is left, and removes the folder. */
const guardScript = `
pids=
while read -r sign pid; do
  others=
  for one in $pids; do [ "$one" = "$pid" ] || others="$others $one"; done
  pids=$others
  [ "$sign" = - ] || pids="$pids $pid"
done
for one in $pids; do kill -KILL "-$one"; done
rm -rf -- "$1" || { sleep 1; rm -rf -- "$1"; }
`;
let guard: ChildProcess | undefined;

/**
 * From now on, whatever ends this process, kill -9 too, ends what it started and removes the folder: a shell waits for the end of a pipe
 * from here.
 */
export function guardFolder(folder: string): void {
  const stdio: ["pipe", "ignore", "ignore"] = ["pipe", "ignore", "ignore"];
  guard = spawn("/bin/sh", ["-c", guardScript, "dvt-guard", folder], {
    env: {PATH: process.env["PATH"]},
    cwd: "/",
    detached: true,
    stdio,
  });
  // Without a shell there is no guard, and the rest works as it does.
  guard.on("error", () => {});
  guard.stdin?.on("error", () => {});
  guard.unref();
  (guard.stdin as Socket | null)?.unref();
  for (const child of running) tellGuard("+", child);
}

function tellGuard(sign: "+" | "-", {pid}: ChildProcess): void {
  if (pid !== undefined && guard?.stdin?.writable) guard.stdin.write(`${sign} ${pid}\n`);
}

type Options = {
  env?: NodeJS.ProcessEnv;
  name?: string;
  /** Shares our standard error with the process, so that it can draw there; what it writes is not in its output. */
  sharesStderr?: boolean;
};

/** Starts a process in a group of its own: Ctrl+C reaches us alone, and we end the others in order. */
export function startChild(
  command: string,
  args: readonly string[],
  {env = process.env, name = command, sharesStderr = false}: Options = {},
): Child {
  const child = spawn(command, args, {env, detached: true, stdio: ["ignore", "pipe", sharesStderr ? "inherit" : "pipe"]});
  running.add(child);
  tellGuard("+", child);
  child.once("exit", () => {
    running.delete(child);
    tellGuard("-", child);
  });
  const lines: string[] = [];
  const waiting = new Set<(line: string) => void>();
  for (const stream of [child.stdout, child.stderr]) {
    if (!stream) continue;
    createInterface({input: stream}).on("line", (line) => {
      lines.push(line);
      for (const notify of waiting) notify(line);
    });
  }
  const ended = new Promise<number | NodeJS.Signals>((resolve, reject) => {
    child.once("close", (code, signal) => resolve(signal ?? code ?? 1));
    child.once("error", (cause) => reject(new DvtError("DEMO_FAILED", `start ${name}: ${cause.message}`, {cause})));
  });
  ended.catch(() => {});
  const output = (): string => lines.join("\n");

  return {
    process: child,
    output,
    ended,
    line: (pattern) =>
      new Promise((resolve, reject) => {
        const notify = (line: string): void => {
          const match = pattern.exec(line);
          if (!match) return;
          waiting.delete(notify);
          resolve(match);
        };
        waiting.add(notify);
        for (const line of lines) notify(line);
        ended.then(
          (code) => reject(new DvtError("DEMO_FAILED", `${name} ended (${code}) before it printed ${pattern}:\n${output()}`)),
          reject,
        );
      }),
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill("SIGTERM");
      const timer = setTimeout(() => child.kill("SIGKILL"), 10_000);
      await once(child, "close");
      clearTimeout(timer);
    },
  };
}
