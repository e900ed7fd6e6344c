/** Makes text of others safe for a terminal: replaces control characters and everything that is not ASCII. */
export const printable = (text: string): string => text.replace(/[^\x20-\x7e]/g, "?");
