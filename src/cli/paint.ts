const start = "\u001b[";
const [red, yellow, bold] = ["31", "33", "1;31"];

/** Red only where somebody has to act; each state is a shape and a word before it is a colour. */
const colours: readonly (readonly [RegExp, string])[] = [
  [/^! .*$/gm, bold],
  [/▒ waits/g, yellow],
  [/▨ refuses|□ away/g, red],
];

/** The text with the colours of a terminal: only our own shapes and signs get one. */
export const paint = (text: string): string =>
  colours.reduce((painted, [shape, colour]) => painted.replace(shape, (found) => `${start}${colour}m${found}${start}0m`), text);
