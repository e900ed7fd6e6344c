/** Text with one line for each row, in columns as wide as their widest cell. */
export function toColumns(rows: readonly (readonly string[])[]): string {
  const columns = rows[0]?.length ?? 0;
  const widths = Array.from({length: columns}, (_, column) =>
    rows.reduce((most, row) => Math.max(most, row[column]?.length ?? 0), 0),
  );
  const line = (row: readonly string[]): string => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ");
  return rows.map((row) => `${line(row).trimEnd()}\n`).join("");
}

/** Shortens a key in the text to 0x12345678..abcdef. */
export const shortened = (text: string): string => text.replace(/(0x[0-9a-f]{8})[0-9a-f]+([0-9a-f]{6})/, "$1..$2");
