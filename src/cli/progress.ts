export type Progress = {show: (done: number, total: number) => void; end: () => void};

const width = 30;

/** A bar on stderr that redraws itself; where that is no terminal, a line at every tenth. */
export function createProgress(label: string): Progress {
  const {stderr} = process;
  let lastTenth = -1;
  return {
    show(done, total) {
      const share = total === 0 ? 1 : done / total;
      if (stderr.isTTY) {
        const bar = "█".repeat(Math.floor(share * width)).padEnd(width, "░");
        stderr.write(`\r${label} ${bar} ${done}/${total}${done === total ? "\n" : ""}`);
        return;
      }
      const tenth = Math.floor(share * 10);
      if (tenth > lastTenth) stderr.write(`${label} ${done}/${total}\n`);
      lastTenth = tenth;
    },
    end() {
      if (stderr.isTTY) stderr.write("\n");
    },
  };
}
