import {existsSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {describe, expect, it, onTestFinished} from "vitest";
import {type LockOptions, lockFile} from "../../../src/runtime/lockFile.js";
import {type ProcessIdentity, processIdentity} from "../../../src/runtime/processIdentity.js";
import {useFolder} from "../../support/files.js";
import {aLocking} from "../../support/locking.js";
import {aLogger} from "../../support/logger.js";

const folder = useFolder();
/** One that never beats within the test, so that it is silent for whoever waits so long. */
const hardlyBeats = {beatMs: 3_600_000};

async function aLock(path: string, change: Partial<LockOptions> = {}) {
  const locking = aLocking(change);
  const lock = await lockFile(path, locking);
  onTestFinished(lock.release);
  return {...lock, lost: locking.lost};
}
/** The lock of a process that is not this one. */
const leaveLock = (path: string, change: Partial<ProcessIdentity>): void =>
  writeFileSync(`${path}.lock`, JSON.stringify({...processIdentity(), ...change}));
/** More than any process id: https://man7.org/linux/man-pages/man5/proc_sys_kernel.5.html */
const noPid = 2 ** 22 + 1;

describe("a lock", () => {
  it("is one process's, for as long as it shows that it runs", async () => {
    const path = folder.fresh();
    await aLock(path, {beatMs: 5});
    const other = lockFile(path, aLocking({patienceMs: 300, silentMs: 100, beatMs: 5}));
    await expect(other).rejects.toMatchObject({code: "FILE_IN_USE", message: expect.stringContaining(`process ${process.pid} `)});
  });

  it("is the next one's as soon as it is released", async () => {
    const path = folder.fresh();
    const {logger, logged} = aLogger();
    const first = await aLock(path);
    const second = aLock(path, {logger, beatMs: 5});
    await expect.poll(() => logged).toHaveLength(1);
    await first.release();
    (await second).expectHeld();
    expect(() => first.expectHeld()).toThrow();
  });

  it("leaves nothing behind when it is released", async () => {
    const path = folder.fresh();
    await (await aLock(path)).release();
    expect(existsSync(`${path}.lock`)).toBe(false);
  });

  it.each([
    {id: "that has ended", change: {pid: noPid}},
    {id: "whose id is another process's by now", change: {started: "1"}},
  ])("of a process $id is taken at once", async ({change}) => {
    const path = folder.fresh();
    leaveLock(path, change);
    (await aLock(path, {silentMs: 3_600_000})).expectHeld();
  });

  it.each<{id: string; change: Partial<ProcessIdentity>}>([
    {id: "on another machine", change: {host: "elsewhere", pid: noPid}},
    {id: "in another container", change: {pid_namespace: "pid:[1]", pid: noPid}},
    {id: "before the machine was started again", change: {boot: "another", pid: noPid}},
  ])("of a process $id is not taken for left behind before it was silent", async ({change}) => {
    const path = folder.fresh();
    leaveLock(path, change);
    const impatient = lockFile(path, aLocking({patienceMs: 0, silentMs: 3_600_000}));
    await expect(impatient).rejects.toMatchObject({code: "FILE_IN_USE"});
    (await aLock(path, {silentMs: 20, beatMs: 5})).expectHeld();
  });

  it("that was cut short as it was written is taken once it was silent", async () => {
    const path = folder.fresh();
    writeFileSync(`${path}.lock`, '{"host":');
    (await aLock(path, {silentMs: 20, beatMs: 5})).expectHeld();
  });

  it("is lost to whoever took it over while its process stood still, which learns of it and leaves the other's alone", async () => {
    const path = folder.fresh();
    const first = await aLock(path, hardlyBeats);
    const second = await aLock(path, {silentMs: 20, beatMs: 5});
    expect(() => first.expectHeld()).toThrow(expect.objectContaining({code: "TAKEN_OVER"}));
    expect(() => first.expectHeld()).toThrow();
    expect(first.lost).toMatchObject([{code: "TAKEN_OVER"}]);
    await first.release();
    second.expectHeld();
  });

  it("that somebody deleted is lost, though nothing is written", async () => {
    const path = folder.fresh();
    const {lost} = await aLock(path, {beatMs: 5});
    rmSync(`${path}.lock`);
    await expect.poll(() => lost).toMatchObject([{code: "TAKEN_OVER"}]);
  });

  it("names its holder", async () => {
    const path = folder.fresh();
    await aLock(path);
    expect(JSON.parse(readFileSync(`${path}.lock`, "utf8"))).toMatchObject({pid: process.pid, host: processIdentity().host});
  });

  it("is not waited for any more once the role is asked to stop", async () => {
    const path = folder.fresh();
    await aLock(path);
    const controller = new AbortController();
    const waiting = lockFile(path, aLocking({signal: controller.signal}));
    controller.abort();
    await expect(waiting).rejects.toMatchObject({name: "AbortError"});
    expect(existsSync(`${path}.lock`)).toBe(true);
  });
});
