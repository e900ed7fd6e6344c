import {Value} from "typebox/value";

type Field = {readonly enum?: readonly unknown[]; readonly pattern?: string};

/**
 * A value of the environment as its writer meant it, whoever handed it over: without blanks, a carriage return or quotes around it, and
 * a choice in its own case. A comment behind it is cut off where the value can have none in it.
 */
export function asMeant(field: object, text: string): string {
  const whole = unquoted(text.trim());
  const meant = [whole, unquoted(whole.replace(/\s+#.*$/s, ""))].map((value) => inItsCase(field, value));
  return meant.find((value) => Value.Check(field, value)) ?? whole;
}

/** What is odd about a value, by the character's name, without quoting the value: undefined where nothing is. */
export function oddityOf(field: Field, value: string): string | undefined {
  return (isFree(field) ? oddAnywhere : [...oddAnywhere, ...oddElsewhere]).find(([pattern]) => pattern.test(value))?.[1];
}

/** Whether it may be any text, as a path or a URL is. */
export const isFree = (field: Field): boolean => field.enum === undefined && field.pattern === undefined;

/** Even in a path or a URL. */
const oddAnywhere: readonly (readonly [RegExp, string])[] = [
  [/^["'`]|["'`]$/, "a quote at one end only"],
  [/[‘’‚‛“”„‟]/, "a typographic quote"],
  [/\s#/, "a # behind a blank: a comment needs a line of its own"],
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  [/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/, "a control character"],
  [/[\u00a0\u00ad\u2000-\u200f\u2028-\u202f\u2060\u3000\ufeff]/, "an invisible character"],
];

const oddElsewhere: readonly (readonly [RegExp, string])[] = [
  [/["'`]/, "a quote"],
  [/\r/, "a carriage return"],
  [/\n/, "a line break"],
  [/\t/, "a tab"],
  [/ /, "a blank"],
  [/#/, "a #"],
  [/[^\x20-\x7e]/, "a character that is not ASCII"],
];

/** Of one that is quoted as a whole, with or without a comment behind it. */
const unquoted = (text: string): string => /^(["'])((?:(?!\1).)*)\1(?:\s+#.*)?$/s.exec(text)?.[2]?.trim() ?? text;

function inItsCase(field: Field, value: string): string {
  const sameLetters = (choice: unknown): choice is string =>
    typeof choice === "string" && choice.toLowerCase() === value.toLowerCase();
  return field.enum?.find(sameLetters) ?? value;
}
