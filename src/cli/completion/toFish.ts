import {leadingWords, type Place} from "./toPlaces.js";

/** A completion script for fish. The value of an option is completed as a file. */
export const toFish = (places: readonly Place[]): string => `# fish completion of dvt: store it as
# ~/.config/fish/completions/dvt.fish
function __dvt_at
  set -l place ''
  for word in (commandline -opc)[2..-1]
    set -l longer (string trim -- "$place $word")
    switch $longer
      case ${leadingWords(places).map(quote).join(" ")}
        set place $longer
    end
  end
  test "$place" = "$argv[1]"
end
complete -c dvt -f
${places.flatMap(describePlace).join("\n")}
`;

function describePlace({words, candidates, options}: Place): string[] {
  const begin = `complete -c dvt -n ${quote(`__dvt_at ${quote(words)}`)}`;
  return [
    ...candidates.map(({word, describe}) => `${begin} -a ${quote(word)} -d ${quote(describe)}`),
    ...options.map(
      ({word, describe, takesValue}) => `${begin} -l ${word.slice(2)}${takesValue ? " -r -F" : ""} -d ${quote(describe)}`,
    ),
  ];
}

/** The text as one word of fish. */
const quote = (text: string): string => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
