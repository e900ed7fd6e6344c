/** A key, shortened in the middle: 0x9218…8e0c. */
export const shortKey = (key: string): string => (key.length > 14 ? `${key.slice(0, 6)}…${key.slice(-4)}` : key);
