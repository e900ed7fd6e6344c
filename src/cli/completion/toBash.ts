import {leadingWords, type Place, quote} from "./toPlaces.js";

/** A completion script for bash. The value of an option, and an operand, is completed as a file. */
export const toBash = (places: readonly Place[]): string => `# bash completion of dvt: source this file, or store it as
# ~/.local/share/bash-completion/completions/dvt
_dvt() {
  local current=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD - 1]} place= word words= values=
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD - 1}"; do
    case "\${place:+$place }$word" in
      ${leadingWords(places).map(quote).join(" | ")}) place="\${place:+$place }$word" ;;
    esac
  done
  case "$place" in
${places.map(describePlace).join("\n")}
  esac
  COMPREPLY=()
  [[ " $values " == *" $before "* ]] && return
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
}
complete -o default -F _dvt dvt
`;

function describePlace({words, candidates, options}: Place): string {
  const all = [...candidates, ...options].map(({word}) => word);
  const values = options.filter(({takesValue}) => takesValue).map(({word}) => word);
  return `    ${quote(words)}) words=${quote(all.join(" "))} values=${quote(values.join(" "))} ;;`;
}
