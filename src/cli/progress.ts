import {terminal} from "./terminal.js";

/** Shows the progress of one task. */
export type Progress = {show: (done: number, total: number, note?: string) => void; end: () => void};

const width = 30;

const printEveryMs = 10_000;

/** A progress bar on stderr; without a terminal, a line at every tenth and every 10 s. */
export function createProgress(label: string): Progress {
  const {stderr} = process;
  let lastTenth = -1;
  let printedAt = performance.now();
  return {
    show(done, total, note = "") {
      const share = total === 0 ? 1 : done / total;
      if (stderr.isTTY) {
        const bar = "█".repeat(Math.floor(share * width)).padEnd(width, "░");
        terminal.redraw(`${label} ${bar} ${done}/${total}${note}${done === total ? "\n" : ""}`);
        return;
      }
      const tenth = Math.floor(share * 10);
      if (tenth <= lastTenth && performance.now() - printedAt < printEveryMs) return;
      terminal.err(`${label} ${done}/${total}${note}\n`);
      [lastTenth, printedAt] = [tenth, performance.now()];
    },
    end() {
      if (stderr.isTTY) terminal.err("\n");
    },
  };
}
