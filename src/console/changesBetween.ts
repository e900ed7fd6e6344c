/** An answer as the text of each of its members, to compare it with the next one. */
export type AnswerTexts = ReadonlyMap<string, string>;

/** The time of an answer changes always, and is sent beside it. */
export const toTexts = (answer: object | null): AnswerTexts =>
  new Map(
    Object.entries(answer ?? {}).flatMap(([name, value]) =>
      name === "at" || value === undefined ? [] : [[name, JSON.stringify(value)]],
    ),
  );

/** The members that are not as before, as JSON; an empty text if all are. */
export function changesBetween(before: AnswerTexts, after: AnswerTexts): string {
  const changed = [...after].flatMap(([name, text]) => (before.get(name) === text ? [] : [`${JSON.stringify(name)}:${text}`]));
  const gone = [...before.keys()].flatMap((name) => (after.has(name) ? [] : [`${JSON.stringify(name)}:null`]));
  const members = [...changed, ...gone];
  return members.length === 0 ? "" : `{${members.join(",")}}`;
}
