/** Columns as wide as their widest cell; the first one to the left, the others to the right. */
export function toTable(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = headings.map((heading, column) => Math.max(heading.length, ...rows.map((row) => (row[column] ?? "").length)));
  const toLine = (cells: readonly string[]): string =>
    widths
      .map((width, column) => (column === 0 ? (cells[column] ?? "").padEnd(width) : (cells[column] ?? "").padStart(width)))
      .join("  ")
      .trimEnd();
  return [toLine(headings), toLine(widths.map((width) => "-".repeat(width))), ...rows.map(toLine)].join("\n");
}

/** Three significant digits, and never fewer than those before the point. */
export const toText = (value: number): string =>
  Math.abs(value) >= 100 ? value.toFixed(0) : Number.isFinite(value) ? Number(value.toPrecision(3)).toString() : "-";
