import {DvtError} from "../errors.js";
import {builtFile} from "../runtime/projectRoot.js";
import {type Child, startChild} from "./childProcess.js";

const main = builtFile("dvt.cjs");

/** Starts `dvt` as a user would, with this environment and PATH, HOME and TMPDIR from ours. */
export function startDvt(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  {name = args.join(" "), sharesStderr = false}: {name?: string; sharesStderr?: boolean} = {},
): Child {
  const {PATH = "", HOME = "", TMPDIR} = process.env;
  const own = {PATH, HOME, ...(TMPDIR && {TMPDIR}), ...env};
  return startChild(process.execPath, [main, ...args], {env: own, name, sharesStderr});
}

/** Starts a role, registers its stop with `onStop`, and waits until the role takes messages. */
export async function startRole(
  role: string,
  env: Readonly<Record<string, string>>,
  {onStop, name = role, flags = []}: {onStop: (release: () => Promise<void>) => void; name?: string; flags?: readonly string[]},
): Promise<Child> {
  const child = startDvt([role, ...flags], env, {name});
  onStop(child.stop);
  await child.line(new RegExp(`${role} started`));
  return child;
}

/** Runs `dvt` to its end and returns its output. Throws DEMO_FAILED with the output unless it ends with 0. */
export async function runDvt(args: readonly string[], env: Readonly<Record<string, string>>): Promise<string> {
  const child = startDvt(args, env);
  const code = await child.ended;
  if (code !== 0) throw new DvtError("DEMO_FAILED", `dvt ${args.join(" ")} ended with ${code}:\n${child.output()}`);
  return child.output();
}
