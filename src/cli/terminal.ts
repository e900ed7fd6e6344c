import {createInterface} from "node:readline/promises";
import {paint} from "./paint.js";
import {inAscii, isAsciiOnly} from "./shapes.js";

/** Control characters, except line breaks, and characters that change the direction of text. */
const unsafe = /[^\P{C}\n]|[\u2028\u2029]/gu;

/** The text as a terminal may show it: parts of it come from others. */
export const shown = (text: string): string => text.replace(unsafe, "?");

const fitting = (text: string): string => (isAsciiOnly(process.env) ? inAscii(shown(text)) : shown(text));
const coloured = (text: string): string =>
  process.stdout.isTTY && process.stdout.hasColors() ? paint(fitting(text)) : fitting(text);

const [alternate, original] = ["\u001b[?1049h\u001b[?25l\u001b[?7l", "\u001b[?7h\u001b[?25h\u001b[?1049l"];
const [home, lineUp, clearLine, clearBelow] = ["\u001b[H", "\u001b[1A", "\u001b[K", "\u001b[J"];

let redrawn: {line: string; below?: string | undefined} | undefined;

/** The only place that writes to standard output and standard error, except for the loggers of those that draw nothing. */
export const terminal = {
  out: (text: string): void => void process.stdout.write(fitting(text)),
  err: (text: string): void => void process.stderr.write(fitting(text)),
  /** Whether somebody can be asked. */
  canAsk: (): boolean => process.stdin.isTTY === true && process.stderr.isTTY === true,
  /** Asks on standard error, and returns the answer without blanks around it; "" where there is none. */
  async ask(question: string): Promise<string> {
    const asking = createInterface({input: process.stdin, output: process.stderr});
    const end = new AbortController();
    asking.once("close", () => end.abort());
    try {
      return (await asking.question(fitting(question), {signal: end.signal})).trim();
    } catch (error) {
      if (end.signal.aborted) return "";
      throw error;
    } finally {
      asking.close();
    }
  },
  /** Whether standard output is a terminal. */
  isInteractive: (): boolean => process.stdout.isTTY === true,
  /** The most characters of a line of standard output; undefined where it is no terminal. */
  width: (): number | undefined => process.stdout.columns,
  /** Writes to standard output, with colours where it is a terminal that has them. */
  show: (text: string): void => void process.stdout.write(coloured(text)),
  /** Overwrites the current line, and the one below it; the cursor stays at the beginning of the first. */
  redraw(line: string, below?: string): void {
    redrawn = {line, below};
    const second = below === undefined ? "" : `\n${fitting(below)}${clearLine}${lineUp}`;
    process.stderr.write(`\r${fitting(line)}${clearLine}${second}\r`);
  },
  /** Leaves the line that was overwritten, and clears what is below it. */
  endRedraw(): void {
    redrawn = undefined;
    process.stderr.write(`\n${clearBelow}`);
  },
  /** Writes lines of the log to standard error, above the lines that are overwritten. */
  log(lines: string): void {
    if (redrawn) process.stderr.write(`\r${clearBelow}`);
    process.stderr.write(lines);
    if (redrawn) terminal.redraw(redrawn.line, redrawn.below);
  },
  /** A screen of its own on the terminal, which leaves what was there before. */
  screen: {
    open: (): void => void process.stdout.write(alternate),
    /** Replaces the picture, without clearing the screen first, so that nothing flickers. */
    draw(text: string): void {
      const {rows = 24} = process.stdout;
      const lines = text.trimEnd().split("\n");
      const more = lines.length - rows;
      const fits = more > 0 ? [...lines.slice(0, rows - 1), `and ${more + 1} more lines`] : lines;
      const drawn = coloured(fits.join("\n")).split("\n").join(`${clearLine}\r\n`);
      process.stdout.write(`${home}${drawn}${clearLine}${clearBelow}`);
    },
    close: (): void => void process.stdout.write(original),
  },
};
