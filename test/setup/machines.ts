import {execFile} from "node:child_process";
import {mkdir} from "node:fs/promises";
import {join} from "node:path";
import {promisify} from "node:util";
import {DvtError} from "../../src/errors.js";
import type {Shutdown} from "../../src/runtime/shutdown.js";
import {type Child, startChild} from "../../src/sandbox/childProcess.js";

const run = promisify(execFile);

/** What stands for a machine: a network and folders of its own, on a switch with the others. */
export type Machine = {
  readonly name: string;
  readonly address: string;
  /** Where a file of this machine is for us. */
  path(onMachine: string): string;
  /** Starts a command there; it ends with the machine. */
  start(command: string, args: readonly string[], options?: {env?: Record<string, string>; cwd?: string}): Child;
};

/** Folders of which each machine has its own copy, in memory. */
const ownFolders = ["/etc", "/var/lib"];

/** An hour: nothing stays if we are killed. */
const longestSeconds = 3600;

/** Whether this process may make networks and mounts of its own: the reason why not. */
export async function whyNoMachines(): Promise<string | undefined> {
  if (process.platform !== "linux") return "network namespaces are Linux'";
  const attempt = "ip link add dvt-switch type bridge && mount -t tmpfs dvt /mnt";
  return run("unshare", ["--net", "--mount", "sh", "-c", attempt]).then(
    () => undefined,
    ({message, stderr}: Error & {stderr?: string}) => (stderr || message).trim(),
  );
}

/**
 * A switch, and machines on it that reach each other and nothing else: network namespaces joined by a bridge, with addresses that are for
 * documentation only (192.0.2.0/24). Nothing outside of them changes, and all goes with the shutdown.
 */
export async function createSwitch(folder: string, {shutdown, path}: {shutdown: Shutdown; path: string}) {
  const hold = async (name: string, script: string): Promise<number> => {
    const steps = ["ip link set lo up", script, "echo is up", `exec sleep ${longestSeconds}`].filter((it) => it !== "");
    const holder = startChild("unshare", ["--net", "--mount", "sh", "-e", "-c", steps.join("\n")], {name});
    shutdown.onStop(holder.stop);
    await holder.line(/^is up$/);
    return holder.process.pid as number;
  };
  const inside = (pid: number): string[] => [`--target=${pid}`, "--net", "--mount"];
  const bridge = "ip link add dvt-switch type bridge\nip link set dvt-switch up";
  const switchPid = await hold("switch", bridge);
  let count = 0;

  return async function createMachine(name: string): Promise<Machine> {
    const address = `192.0.2.${++count}`;
    const own = join(folder, name);
    await mkdir(own);
    const mounts = ownFolders.flatMap((it, place) => [
      `mkdir ${own}/upper${place} ${own}/work${place}`,
      `mount -t overlay dvt -o lowerdir=${it},upperdir=${own}/upper${place},workdir=${own}/work${place} ${it}`,
    ]);
    const pid = await hold(name, [`mount -t tmpfs dvt ${own}`, ...mounts].join("\n"));
    const port = `dvt-${count}`;
    await run("nsenter", [
      ...inside(switchPid),
      ...[
        "sh",
        "-e",
        "-c",
        `ip link add ${port} type veth peer name eth0 netns ${pid}; ip link set ${port} master dvt-switch up`,
      ],
    ]);
    await run("nsenter", [...inside(pid), "sh", "-e", "-c", `ip addr add ${address}/24 dev eth0; ip link set eth0 up`]);
    return {
      name,
      address,
      path: (onMachine) => `/proc/${pid}/root${onMachine}`,
      start(command, args, {env = {}, cwd = "/"} = {}) {
        const there = ["sh", "-c", 'cd "$0" && exec "$@"', cwd, command, ...args];
        const child = startChild("nsenter", [...inside(pid), ...there], {
          env: {PATH: path, HOME: "/root", ...env},
          name: `${name}: ${[command, ...args].join(" ")}`,
        });
        // A shell passes no signal on: like Ctrl+C, this one is for all that it started.
        const stop = async (): Promise<void> => {
          if (child.process.exitCode === null && child.process.signalCode === null) process.kill(-(child.process.pid as number));
          await child.ended;
        };
        shutdown.onStop(stop);
        return {...child, stop};
      },
    };
  };
}

export type CreateMachine = Awaited<ReturnType<typeof createSwitch>>;

/** Waits for its end, which has to be good. */
export async function finished(child: Child, what: string): Promise<string> {
  const code = await child.ended;
  if (code !== 0) throw new DvtError("DEMO_FAILED", `${what} ended with ${code}:\n${child.output()}`);
  return child.output();
}
