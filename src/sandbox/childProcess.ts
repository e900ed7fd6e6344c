import {type ChildProcess, spawn} from "node:child_process";
import {once} from "node:events";
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
  child.once("exit", () => running.delete(child));
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
