const units = ["B", "KiB", "MiB", "GiB", "TiB"];

/** A number of bytes as people say it, rounded down: "830 B", "1.2 MiB". */
export function sizeText(bytes: number): string {
  const power = Math.min(units.length - 1, bytes < 1024 ? 0 : Math.floor(Math.log2(bytes) / 10));
  const size = bytes / 1024 ** power;
  return `${size < 10 && power > 0 ? (Math.floor(size * 10) / 10).toFixed(1) : Math.floor(size)} ${units[power]}`;
}
