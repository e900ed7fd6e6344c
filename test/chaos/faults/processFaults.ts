import {execFileSync} from "node:child_process";
import {appendFile} from "node:fs/promises";
import {memberNames, soleSidecars, type World} from "../world.js";
import type {Fault} from "./fault.js";

const memberOf = (world: World, name: string) => {
  const member = world.members.get(name);
  if (!member) throw new Error(`there is no ${name}`);
  return member;
};

const kill: Fault = {
  name: "kill -9",
  targets: () => memberNames,
  async strike(world, {target}) {
    await memberOf(world, target).kill();
    return () => memberOf(world, target).start();
  },
};

const restart: Fault = {
  name: "SIGTERM",
  targets: () => memberNames,
  async strike(world, {target}) {
    const member = memberOf(world, target);
    const code = await member.stop();
    if (code !== 0) member.findings.push(`${target} was asked to stop and ended with ${code}`);
    return () => member.start();
  },
};

const freeze: Fault = {
  name: "SIGSTOP",
  targets: () => memberNames,
  async strike(world, {target}) {
    memberOf(world, target).signal("SIGSTOP");
    return async () => memberOf(world, target).signal("SIGCONT");
  },
};

const offsetsMs = [-8 * 86_400_000, -2 * 3_600_000, -300_000, 300_000, 2 * 3_600_000, 8 * 86_400_000];

const wrongClock: Fault = {
  name: "wrong clock",
  targets: () => memberNames,
  async strike(world, {target, dice}) {
    const member = memberOf(world, target);
    await member.kill();
    await member.start({clockOffsetMs: offsetsMs[dice % offsetsMs.length] as number});
    return async () => {
      await member.kill();
      await member.start();
    };
  },
};

const hasPrlimit = ((): boolean => {
  try {
    execFileSync("prlimit", ["--version"], {stdio: "ignore"});
    return true;
  } catch {
    return false;
  }
})();

/** A disk without space refuses what grows; a limit on the size of files does the same to one process. */
const limitFiles = (pid: number, most: string): void => void execFileSync("prlimit", ["--pid", String(pid), `--fsize=${most}:`]);

const fullDisk: Fault = {
  name: "full disk",
  targets: () => (hasPrlimit ? soleSidecars : []),
  async strike(world, {target}) {
    const member = memberOf(world, target);
    const pid = member.pid();
    limitFiles(pid, "0");
    return async () => {
      if (member.pid() === pid) limitFiles(pid, "unlimited");
    };
  },
};

const tornState: Fault = {
  name: "killed while it wrote its state file",
  targets: () => soleSidecars,
  async strike(world, {target, dice}) {
    const member = memberOf(world, target);
    await member.kill();
    await appendFile(world.stateFileOf(target), '{"signed_at":1764350000000,"public_key":"0x8f'.slice(0, 1 + (dice % 45)));
    return () => member.start();
  },
};

export const processFaults: readonly Fault[] = [kill, kill, restart, freeze, wrongClock, fullDisk, tornState];
