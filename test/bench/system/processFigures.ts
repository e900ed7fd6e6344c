import {readFileSync} from "node:fs";
import {DvtError} from "../../../src/errors.js";

/** Linux counts in hundredths of a second, whatever its own clock does. */
const msPerTick = 10;

const read = (pid: number, file: string): string => {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch (cause) {
    throw new DvtError("USAGE", `measure process ${pid}: it ended, or this is not Linux, whose /proc is read here`, {cause});
  }
};

/** What the process and its threads have used of the processors, user and system. */
export function cpuMsOf(pid: number): number {
  const fields = read(pid, "stat").split(") ").at(-1)?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) * msPerTick;
}

/** The most memory that it ever had at once. */
export const peakMiBOf = (pid: number): number => memoryMiBOf(pid, "VmHWM");

/** The memory that it has now. */
export const residentMiBOf = (pid: number): number => memoryMiBOf(pid, "VmRSS");

const memoryMiBOf = (pid: number, line: string): number =>
  Number(new RegExp(`${line}:\\s+(\\d+)`).exec(read(pid, "status"))?.[1]) / 1024;
