import {spawn} from "node:child_process";
import {onTestFinished} from "vitest";
import {builtFile} from "../../src/runtime/projectRoot.js";

/** A command on a pseudo-terminal, and the person who sits there. */
export type OnTerminal = {
  /** Everything on the screen so far. */
  screen(): string;
  /** Waits for this question, then types the answer and Return. Rejects with the screen if the command ends before. */
  answer(question: string, text: string): Promise<void>;
  /** The exit status. */
  readonly ended: Promise<number | null>;
};

const quoted = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`;

/** Runs `dvt` on a pseudo-terminal, which `script` of util-linux opens: standard input and output are terminals, as for a person. */
export function dvtOnTerminal(args: readonly string[], env: Readonly<Record<string, string>> = {}): OnTerminal {
  const {PATH = "", HOME = ""} = process.env;
  const command = [process.execPath, builtFile("dvt.cjs"), ...args].map(quoted).join(" ");
  const child = spawn("script", ["--quiet", "--return", "--flush", "--command", command, "/dev/null"], {
    env: {PATH, HOME, TERM: "xterm", SHELL: "/bin/sh", ...env},
    stdio: ["pipe", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  let text = "";
  let answeredUpTo = 0;
  child.stdout.setEncoding("utf8").on("data", (part: string) => {
    text += part;
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once("close", (code) => resolve(code));
    child.once("error", reject);
  });
  return {
    screen: () => text,
    ended,
    async answer(question, answer) {
      await new Promise<void>((resolve, reject) => {
        const look = (): void => {
          const at = text.indexOf(question, answeredUpTo);
          if (at < 0) return;
          answeredUpTo = at + question.length;
          child.stdout.off("data", look);
          resolve();
        };
        child.stdout.on("data", look);
        ended.then((code) => reject(new Error(`it ended (${code}) before it asked "${question}":\n${text}`)), reject);
        look();
      });
      child.stdin.write(`${answer}\n`);
    },
  };
}
