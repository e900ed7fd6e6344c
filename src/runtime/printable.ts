/** What somebody else wrote, for a terminal: nothing in it that a terminal would act on, or that would read in another direction. */
export const printable = (text: string): string => text.replace(/[^\x20-\x7e]/g, "?");
