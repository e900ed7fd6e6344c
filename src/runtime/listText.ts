const most = 20;

/** "1, 2, 3", and of a long list its beginning and how many more there are: others may have made it long. */
export const listText = (items: readonly (string | number)[]): string =>
  items.length <= most ? items.join(", ") : `${items.slice(0, most).join(", ")} and ${items.length - most} more`;
