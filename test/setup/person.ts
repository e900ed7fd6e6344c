import type {Child} from "../../src/sandbox/childProcess.js";
import {finished, type Machine} from "./machines.js";

/** Whoever sits at a machine, and what they had to do there. */
export type Person = {
  /** Types a command, and waits for its end. */
  types(...words: string[]): Promise<string>;
  /** Types a command that goes on. */
  begins(...words: string[]): Child;
  /** Another command, which something here stands for. */
  counts(): void;
  commands(): number;
  /** Values that some command printed, and that this person then typed. */
  pasted(): readonly string[];
};

/** What all commands of all people printed, and what was typed before. */
export type Seen = {printed: string[]; typed: Set<string>};

/** Shorter words are those of the language, of options and of names that a person chose. */
const shortestValue = 12;

export function createPerson(machine: Machine, seen: Seen, cwd = "/"): Person {
  let commands = 0;
  const pasted: string[] = [];
  const begin = (words: readonly string[]): Child => {
    commands++;
    for (const word of words.flatMap((it) => it.split(/[=\s]/))) {
      // The path of a file that everybody has in the same place is in the README.
      const isNew = !seen.typed.has(word) && word.length >= shortestValue && !word.startsWith("/");
      if (isNew && seen.printed.some((text) => text.includes(word))) pasted.push(word);
      seen.typed.add(word);
    }
    const [command = "", ...args] = words;
    const child = machine.start(command, args, {cwd});
    child.ended.then(() => seen.printed.push(child.output())).catch(() => {});
    return child;
  };
  return {
    begins: (...words) => begin(words),
    types: (...words) => finished(begin(words), words.join(" ")),
    counts: () => void commands++,
    commands: () => commands,
    pasted: () => pasted,
  };
}
