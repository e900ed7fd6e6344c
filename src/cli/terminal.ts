/** Control characters, except line breaks, and characters that change the direction of text. */
const unsafe = /[^\P{C}\n]|[\u2028\u2029]/gu;

/** The text as a terminal may show it: parts of it come from others. */
export const shown = (text: string): string => text.replace(unsafe, "?");

/** The only place that writes to standard output and standard error, except for the logger. */
export const terminal = {
  out: (text: string): void => void process.stdout.write(shown(text)),
  err: (text: string): void => void process.stderr.write(shown(text)),
  /** Overwrites the current line. */
  redraw: (text: string): void => void process.stderr.write(`\r${shown(text)}`),
};
