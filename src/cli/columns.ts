type Options = {
  /** The positions of columns of numbers, which end at the same place. */
  readonly right?: readonly number[];
  /** The most characters of a line. */
  readonly width?: number | undefined;
  /** The positions of columns that are left out, in this order, if the lines are too long; then the widest ones are shortened. */
  readonly spare?: readonly number[];
};

type Column = {readonly cells: readonly string[]; readonly width: number; readonly isRight: boolean};

const gap = "  ";
/** No column is shortened below this. */
const leastWidth = 8;

/** Text with one line for each row, in columns as wide as their widest cell. */
export function toColumns(
  rows: readonly (readonly string[])[],
  {right = [], width = Number.POSITIVE_INFINITY, spare = []}: Options = {},
): string {
  const all = (rows[0] ?? []).map((_, position): Column => {
    const cells = rows.map((row) => row[position] ?? "");
    return {cells, width: Math.max(...cells.map(({length}) => length)), isRight: right.includes(position)};
  });
  let kept = all;
  for (const position of spare) {
    if (widthOf(kept) > width) kept = kept.filter((column) => column !== all[position]);
  }
  const columns = narrowed(kept, width);
  return rows
    .map(
      (_, row) =>
        `${columns
          .map((column) => cellOf(column, row))
          .join(gap)
          .trimEnd()}\n`,
    )
    .join("");
}

const widthOf = (columns: readonly Column[]): number => columns.reduce((sum, {width}) => sum + width + gap.length, -gap.length);

/** Takes from the widest column, one character at a time, until the lines fit. */
function narrowed(columns: readonly Column[], width: number): Column[] {
  const widths = columns.map((column) => column.width);
  for (let over = widthOf(columns) - width; over > 0; over--) {
    const widest = Math.max(...widths);
    if (widest <= leastWidth) break;
    widths[widths.indexOf(widest)] = widest - 1;
  }
  return columns.map((column, position) => ({...column, width: widths[position] ?? 0}));
}

function cellOf({cells, width, isRight}: Column, row: number): string {
  const text = cells[row] ?? "";
  const fitting = text.length > width ? `${text.slice(0, width - 1)}…` : text;
  return isRight ? fitting.padStart(width) : fitting.padEnd(width);
}

/** Shortens a key in the text to 0x12345678..abcdef. */
export const shortened = (text: string): string => text.replace(/(0x[0-9a-f]{8})[0-9a-f]+([0-9a-f]{6})/, "$1..$2");
