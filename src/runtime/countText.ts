/** "1 exit", "5 exits". */
export const countText = (count: number, what: string): string => `${count} ${what}${count === 1 ? "" : "s"}`;
