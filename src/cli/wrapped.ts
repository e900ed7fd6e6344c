type Options = {readonly width?: number | undefined; readonly indent?: string};

/** The text on lines of at most this width, broken at spaces; all but the first begin with the indent. */
export function wrapped(text: string, {width = Number.POSITIVE_INFINITY, indent = ""}: Options): string {
  const lead = /^ */.exec(text)?.[0] ?? "";
  const [first = "", ...words] = text.slice(lead.length).split(" ");
  const lines = [lead + first];
  for (const word of words) {
    const longer = `${lines.at(-1)} ${word}`;
    if (longer.length <= width) lines[lines.length - 1] = longer;
    else lines.push(indent + word);
  }
  return lines.map((line) => `${line}\n`).join("");
}
