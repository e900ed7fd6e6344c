import {readFileSync, readlinkSync} from "node:fs";
import {hostname} from "node:os";

/**
 * Identifies a process, so that another one can check whether it still runs: process ids are reused, and repeat in containers.
 */
export type ProcessIdentity = {
  readonly host: string;
  readonly pid: number;
  /** The boot of the machine, and the container: a process id names the same process only if both are equal. */
  readonly boot: string;
  readonly pid_namespace: string;
  /** In ticks after the boot of the machine. */
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

/** The identity of this process; what the system does not report is empty. */
export const processIdentity = (): ProcessIdentity => ({
  host: hostname(),
  pid: process.pid,
  boot: unlessThere(() => readFileSync("/proc/sys/kernel/random/boot_id", "utf8")),
  pid_namespace: unlessThere(() => readlinkSync("/proc/self/ns/pid")),
  started: startOf(process.pid),
});

/** Whether the process has certainly ended; false if that cannot be checked: another machine, container or boot. */
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
