import {terminal} from "./terminal.js";

/** Shows the progress of one task. */
export type Progress = {
  show(done: number, total: number, note?: string): void;
  /** Shows a line below the bar; without a terminal, prints it if it is another than the last time. */
  tell(text: string): void;
  end(): void;
};

const width = 30;

const printEveryMs = 10_000;

/** A progress bar on stderr; without a terminal, a line at every tenth and every 10 s. */
export function createProgress(label: string): Progress {
  const {stderr} = process;
  const fitting = (text: string): string => text.slice(0, Math.max(20, (stderr.columns ?? 80) - 1));
  let lastTenth = -1;
  let printedAt = performance.now();
  let bar: string | undefined;
  let told: string | undefined;
  const draw = (): void => terminal.redraw(fitting(bar ?? label), told === undefined ? undefined : fitting(told));
  const end = (): void => {
    if (bar !== undefined) terminal.endRedraw();
    bar = undefined;
  };
  return {
    show(done, total, note = "") {
      const share = total === 0 ? 1 : done / total;
      if (stderr.isTTY) {
        bar = `${label} ${"█".repeat(Math.floor(share * width)).padEnd(width, "░")} ${done}/${total}${note}`;
        draw();
        if (done === total) end();
        return;
      }
      const tenth = Math.floor(share * 10);
      if (tenth <= lastTenth && performance.now() - printedAt < printEveryMs) return;
      terminal.err(`${label} ${done}/${total}${note}\n`);
      [lastTenth, printedAt] = [tenth, performance.now()];
    },
    tell(text) {
      if (text === told) return;
      told = text;
      if (!stderr.isTTY) terminal.err(`${text}\n`);
      else if (bar !== undefined) draw();
    },
    end,
  };
}
