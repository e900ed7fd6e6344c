import type {ExitShare} from "../../schemas/exitShare.js";
import type {Bus} from "../../src/messaging/connect.js";
import type {Child} from "../../src/sandbox/childProcess.js";

/** When the process has printed this many lines that match. */
export async function untilLines(child: Child, pattern: RegExp, count: number): Promise<void> {
  const seen = (): number =>
    child
      .output()
      .split("\n")
      .filter((line) => pattern.test(line)).length;
  await new Promise<void>((resolve, reject) => {
    const look = (): void => {
      if (seen() < count) return;
      for (const stream of [child.process.stdout, child.process.stderr]) stream?.off("data", lookAfter);
      resolve();
    };
    // Our listener may come before the one that keeps the lines.
    const lookAfter = (): void => void setImmediate(look);
    for (const stream of [child.process.stdout, child.process.stderr]) stream?.on("data", lookAfter);
    child.ended.then(() => reject(new Error(`it ended before it printed ${count} of ${pattern}:\n${child.output()}`)), reject);
    look();
  });
}

/** When this many messages on these subjects have been seen from now on; call it before they are caused. */
export function untilMessages(bus: Bus, subject: string, count: number): Promise<void> {
  return new Promise((resolve) => {
    let seen = 0;
    bus.connection.subscribe(subject, {
      max: count,
      callback: () => {
        if (++seen === count) resolve();
      },
    });
  });
}

/** When the exit shares on these subjects from now on are at least so many, however many messages carry them. */
export function untilShares(bus: Bus, subject: string, count: number): Promise<void> {
  return new Promise((resolve) => {
    let seen = 0;
    const subscription = bus.connection.subscribe(subject, {
      callback: (_, message) => {
        seen += message.json<ExitShare>().exits.length;
        if (seen < count) return;
        subscription.unsubscribe();
        resolve();
      },
    });
  });
}
