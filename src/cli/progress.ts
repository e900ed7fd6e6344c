import {terminal} from "./terminal.js";

export type Progress = {show: (done: number, total: number, note?: string) => void; end: () => void};

const width = 30;

const tellEveryMs = 10_000;

/** A bar on stderr that redraws itself; where that is no terminal, a line at every tenth, and every 10 s. */
export function createProgress(label: string): Progress {
  const {stderr} = process;
  let lastTenth = -1;
  let toldAt = performance.now();
  return {
    show(done, total, note = "") {
      const share = total === 0 ? 1 : done / total;
      if (stderr.isTTY) {
        const bar = "█".repeat(Math.floor(share * width)).padEnd(width, "░");
        terminal.redraw(`${label} ${bar} ${done}/${total}${note}${done === total ? "\n" : ""}`);
        return;
      }
      const tenth = Math.floor(share * 10);
      if (tenth <= lastTenth && performance.now() - toldAt < tellEveryMs) return;
      terminal.err(`${label} ${done}/${total}${note}\n`);
      [lastTenth, toldAt] = [tenth, performance.now()];
    },
    end() {
      if (stderr.isTTY) terminal.err("\n");
    },
  };
}
