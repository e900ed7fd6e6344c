import {AsyncLocalStorage} from "node:async_hooks";
import {runProgram} from "../../src/cli/runProgram.js";

/** What a command writes belongs to it, also while another one runs. */
const writing = new AsyncLocalStorage<(text: string) => void>();
for (const stream of [process.stdout, process.stderr]) {
  const write = stream.write.bind(stream) as (...args: unknown[]) => boolean;
  stream.write = (...args: unknown[]): boolean => {
    const own = writing.getStore();
    if (!own) return write(...args);
    own(String(args[0]));
    return true;
  };
}

/** A `dvt` command that runs in this process. */
export type Running = {
  /** Everything that it has written so far. */
  output(): string;
  readonly ended: Promise<number>;
};

/** Runs a `dvt` command in this process, which has loaded its modules already. `startDvt` runs it as a user would. */
export function runHere(args: readonly string[], env: Readonly<Record<string, string>>): Running {
  let output = "";
  const ended = writing.run(
    (text) => {
      output += text;
    },
    () => runProgram(args, env),
  );
  return {output: () => output.trimEnd(), ended};
}

/** The same to its end. */
export async function dvt(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<{code: number; output: string}> {
  const {output, ended} = runHere(args, env);
  return {code: await ended, output: output()};
}
