import {Check} from "typebox/schema";

type Field = {readonly enum?: readonly unknown[]; readonly pattern?: string};

/**
 * The value of a variable as its writer meant it: without surrounding blanks, carriage returns or quotes, and a choice in its own
 * case. A trailing comment is removed if the value cannot contain one.
 */
export function asMeant(field: object, text: string): string {
  const whole = unquoted(text.trim());
  const meant = [whole, unquoted(whole.replace(/\s+#.*$/s, ""))].map((value) => inItsCase(field, value));
  return meant.find((value) => Check(field, value)) ?? whole;
}

/** Names an odd character in a value without quoting the value; undefined if there is none, or if the value is wrong without it too. */
export function oddityOf(field: Field, value: string): string | undefined {
  const odd = oddAnywhere.find(([pattern]) => pattern.test(value));
  if (odd || isFree(field)) return odd?.[1];
  return oddElsewhere.find(([pattern]) => value.search(pattern) >= 0 && Check(field, value.replaceAll(pattern, "")))?.[1];
}

/** Whether the value may be any text, such as a path or a URL. */
export const isFree = (field: Field): boolean => field.enum === undefined && field.pattern === undefined;

/** Odd even in a path or a URL. */
const oddAnywhere: readonly (readonly [RegExp, string])[] = [
  [/^["'`]|["'`]$/, "a quote at one end only"],
  [/[‘’‚‛“”„‟]/, "a typographic quote"],
  [/\s#/, "a # behind a blank: a comment needs a line of its own"],
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  [/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/, "a control character"],
  [/[\u00a0\u00ad\u2000-\u200f\u2028-\u202f\u2060\u3000\ufeff]/, "an invisible character"],
];

const oddElsewhere: readonly (readonly [RegExp, string])[] = [
  [/["'`]/g, "a quote"],
  [/\r/g, "a carriage return"],
  [/\n/g, "a line break"],
  [/\t/g, "a tab"],
  [/ /g, "a blank"],
  [/#/g, "a #"],
  [/[^\x20-\x7e]/g, "a character that is not ASCII"],
];

/** Removes quotes around the whole value, and a comment after them. */
const unquoted = (text: string): string => /^(["'])((?:(?!\1).)*)\1(?:\s+#.*)?$/s.exec(text)?.[2]?.trim() ?? text;

function inItsCase(field: Field, value: string): string {
  const sameLetters = (choice: unknown): choice is string =>
    typeof choice === "string" && choice.toLowerCase() === value.toLowerCase();
  return field.enum?.find(sameLetters) ?? value;
}
