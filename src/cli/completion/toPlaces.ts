import type {CommandList, Option} from "../defineCommand.js";

/** A word that may come next, and what it is. */
export type Candidate = {readonly word: string; readonly describe: string};

/** A place on the command line: behind `dvt`, a group or a command. */
export type Place = {
  /** The words that lead there, without dvt: "", "operator", "operator request". */
  readonly words: string;
  readonly candidates: readonly Candidate[];
  readonly options: readonly (Candidate & {readonly takesValue: boolean})[];
};

const help = {word: "--help", describe: "print help", takesValue: false};
const version = {word: "--version", describe: "print the version and the commit", takesValue: false};

/** Every place of the command line, from the list of commands. */
export function toPlaces({commands, groups}: CommandList): Place[] {
  const names = commands.map(({name, describe}) => ({words: name.split(" "), describe}));
  const behind = (group: string | undefined): Candidate[] => {
    const depth = group === undefined ? 0 : 1;
    const here = names.filter(({words}) => group === undefined || (words.length > 1 && words[0] === group));
    const candidates = here.map(({words, describe}): [string, string] => {
      const word = words[depth] as string;
      return [word, words.length > depth + 1 ? (groups[word] ?? "") : describe];
    });
    return [...new Map(candidates)].map(([word, describe]) => ({word, describe}));
  };
  return [
    {words: "", candidates: behind(undefined), options: [help, version]},
    ...Object.keys(groups).map((group) => ({words: group, candidates: behind(group), options: [help]})),
    ...commands.map(({name, operands, options}) => ({
      words: name,
      candidates: (operands?.choices ?? []).map((word) => ({word, describe: ""})),
      options: [...Object.values(options).map(toCandidate), help],
    })),
  ];
}

const toCandidate = ({flags, describe}: Option) => ({
  word: /--[\w-]+/.exec(flags)?.[0] ?? flags,
  describe,
  takesValue: /[<[]/.test(flags),
});

/** The words of each place that other places, or operands, come behind. */
export const leadingWords = (places: readonly Place[]): string[] => places.flatMap(({words}) => words || []);

/** The text as one word of bash or zsh. */
export const quote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
