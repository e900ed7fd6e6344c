import {readFileSync, readlinkSync} from "node:fs";
import {hostname} from "node:os";

/** Which process this is, for another one to see whether it still runs: process ids alone come again, and are alike in containers. */
export type ProcessIdentity = {
  readonly host: string;
  readonly pid: number;
  /** Of this start of the machine, and of the container: only where both are the same does a process id name the same process. */
  readonly boot: string;
  readonly pid_namespace: string;
  /** In ticks after the start of the machine. */
  readonly started: string;
};

const unlessThere = (read: () => string): string => {
  try {
    return read().trim();
  } catch {
    return "";
  }
};

/** The 22nd field; the second is the name, which may hold anything: https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
const startOf = (pid: number): string =>
  unlessThere(() => readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ")[19] ?? "");

/** What the system does not tell is empty. */
export const processIdentity = (): ProcessIdentity => ({
  host: hostname(),
  pid: process.pid,
  boot: unlessThere(() => readFileSync("/proc/sys/kernel/random/boot_id", "utf8")),
  pid_namespace: unlessThere(() => readlinkSync("/proc/self/ns/pid")),
  started: startOf(process.pid),
});

/** Whether it certainly runs no more. False where that cannot be told from here: of another machine, container or start. */
export function hasEnded({host, pid, boot, pid_namespace, started}: ProcessIdentity): boolean {
  const own = processIdentity();
  if (host !== own.host || boot !== own.boot || pid_namespace !== own.pid_namespace) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
  const startedNow = startOf(pid);
  return started !== "" && startedNow !== "" && startedNow !== started;
}
