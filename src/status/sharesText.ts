/** The shares that are there, of those that are needed: "2 of 3 shares (3, 4)". */
export const sharesText = (has: readonly number[], needs: number): string =>
  `${has.length} of ${needs} shares${has.length > 0 ? ` (${has.join(", ")})` : ""}`;
