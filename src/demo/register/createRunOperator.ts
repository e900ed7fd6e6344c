import {DvtError} from "../../errors.js";
import type {Shutdown} from "../../runtime/shutdown.js";
import {startDvt} from "../../sandbox/dvtProcess.js";

/** Runs a command as a user would, and shows what it prints; DEMO_FAILED unless it ends with 0. */
export type RunOperator = (...args: readonly string[]) => Promise<void>;

type Running = {
  /** What rejects when something ends that commands need. */
  readonly needs: readonly Promise<never>[];
  readonly shutdown: Shutdown;
  readonly announce: (step: string) => void;
};

export const createRunOperator =
  (env: Readonly<Record<string, string>>, {needs, shutdown, announce}: Running): RunOperator =>
  async (...args) => {
    announce(`$ dvt ${args.join(" ")}`);
    // On a terminal its bar stays a bar.
    const sharesStderr = process.stderr.isTTY;
    const command = startDvt(args, env, {sharesStderr});
    shutdown.onStop(command.stop);
    command.process.stderr?.pipe(process.stderr, {end: false});
    command.process.stdout?.pipe(process.stdout, {end: false});
    const code = await Promise.race([command.ended, ...needs]);
    if (code !== 0) throw new DvtError("DEMO_FAILED", `dvt ${args.join(" ")} ended with ${code}`);
  };
