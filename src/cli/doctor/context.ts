import {copyFile, mkdtemp, rm} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import type {Shutdown} from "../../runtime/shutdown.js";
import {userPath} from "../../runtime/userPath.js";

/** What every check is made with. */
export type Context<C> = {
  readonly config: Readonly<C>;
  readonly env: NodeJS.ProcessEnv;
  readonly shutdown: Shutdown;
  /** false: definitions are accepted without checking their hashes and signatures. */
  readonly verify: boolean;
};

type Checkpoints = {readonly ORACLES_CHECKPOINT_FILE?: string | undefined; readonly SSV_CHECKPOINT_FILE?: string | undefined};

/** The settings with copies of the files in which a role remembers the chain: it may be running, and they are its own. */
export async function withCopies<C extends Checkpoints>({config, env, shutdown}: Context<C>): Promise<Readonly<C>> {
  const folder = await mkdtemp(join(tmpdir(), "dvt-doctor-"));
  shutdown.onStop(() => rm(folder, {recursive: true, force: true}));
  const copies: [string, string][] = [];
  for (const name of ["ORACLES_CHECKPOINT_FILE", "SSV_CHECKPOINT_FILE"] as const) {
    const file = config[name];
    if (file === undefined) continue;
    const copy = join(folder, name);
    const path = userPath(file, env);
    // One that cannot be copied cannot be read either: whoever opens it says why, in a line of its own.
    const isUnreadable = await copyFile(path, copy).then(
      () => false,
      ({code}: NodeJS.ErrnoException) => code !== "ENOENT",
    );
    copies.push([name, isUnreadable ? path : copy]);
  }
  return {...config, ...Object.fromEntries(copies)};
}
