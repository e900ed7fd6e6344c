/** The lines below a key of this depth, or what is behind it on its line, by key. */
export function blocksOf(text: string, depth: number): Map<string, string> {
  const key = new RegExp(`^ {${depth}}([\\w-]+):(.*)\\n((?: {${depth + 1},}.*\\n|\\n)*)`, "gm");
  return new Map([...text.matchAll(key)].map(([, name = "", inline = "", below = ""]) => [name, inline.trim() || below]));
}

/** Its items, on one line or on several, without comments. */
export const itemsOf = (list: string | undefined): string[] =>
  list === undefined
    ? []
    : list.startsWith("[")
      ? list.slice(1, -1).split(/, */)
      : [...list.matchAll(/^ *- (.*)$/gm)].map(([, item = ""]) => item);
