/** For standard output: a key a line. */
export const keyLines = (publicKeys: readonly string[]): string => publicKeys.map((key) => `${key}\n`).join("");
