/** Whether JSON text ends too early: within a string, an array or an object, or before any value. */
export function isCutOff(text: string): boolean {
  let depth = 0;
  let inString = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at] as string;
    if (inString && character === "\\") at++;
    else if (character === '"') inString = !inString;
    else if (inString) continue;
    else if ("[{".includes(character)) depth++;
    else if ("]}".includes(character)) depth--;
  }
  return inString || depth > 0 || text.trim() === "";
}
