import {type Candidate, leadingWords, type Place, quote} from "./toPlaces.js";

/** A completion script for zsh. The value of an option, and an operand, is completed as a file. */
export const toZsh = (places: readonly Place[]): string => `#compdef dvt
# zsh completion of dvt: source this file behind compinit, or store it as _dvt in a folder of $fpath.
_dvt() {
  local place= word before=\${words[CURRENT-1]}
  local -a found values
  for word in "\${(@)words[2,CURRENT-1]}"; do
    case "\${place:+$place }$word" in
      (${leadingWords(places).map(quote).join(" | ")}) place="\${place:+$place }$word" ;;
    esac
  done
  case "$place" in
${places.map(describePlace).join("\n")}
  esac
  if (( \${values[(Ie)$before]} )); then
    _files
  else
    _describe 'dvt' found || _files
  fi
}
if [[ \${funcstack[1]} == _dvt ]]; then _dvt "$@"; else compdef _dvt dvt; fi
`;

function describePlace({words, candidates, options}: Place): string {
  const found = [...candidates, ...options].map(toEntry);
  const values = options.filter(({takesValue}) => takesValue).map(({word}) => quote(word));
  return `    (${quote(words)}) found=(${found.join(" ")}) values=(${values.join(" ")}) ;;`;
}

const toEntry = ({word, describe}: Candidate): string => quote(describe === "" ? word : `${word}:${describe}`);
