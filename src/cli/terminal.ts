/** What a terminal would act on, or what would read in another direction; but for the ends of lines. */
const unsafe = /[^\P{C}\n]|[\u2028\u2029]/gu;

/** As it is shown: some of it was said by others. */
export const shown = (text: string): string => text.replace(unsafe, "?");

/** The one place that writes to standard output and standard error; logs are the logger's. */
export const terminal = {
  out: (text: string): void => void process.stdout.write(shown(text)),
  err: (text: string): void => void process.stderr.write(shown(text)),
  /** In the place of the line that stands there. */
  redraw: (text: string): void => void process.stderr.write(`\r${shown(text)}`),
};
