const instead: Readonly<Record<string, string>> = {
  "■": "+",
  "▒": "~",
  "▨": "x",
  "□": "-",
  "█": "#",
  "░": ".",
  "…": "~",
  "•": "*",
};

/** Whether the locale says that the terminal shows nothing but ASCII. */
export const isAsciiOnly = ({LC_ALL, LC_CTYPE, LANG}: NodeJS.ProcessEnv): boolean => {
  const locale = LC_ALL || LC_CTYPE || LANG;
  return locale !== undefined && locale !== "" && !/utf-?8/i.test(locale);
};

/** The text with our shapes as characters of ASCII, one for each. */
export const inAscii = (text: string): string => text.replace(/[■▒▨□█░…•]/g, (shape) => instead[shape] ?? shape);
