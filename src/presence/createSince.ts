/** Tells since when a value has been what it is: since the first call with it after a call with another. */
export function createSince<T>(now: () => number): (value: T) => number {
  let known: {readonly value: T; readonly since: number} | undefined;
  return (value) => {
    if (known?.value !== value) known = {value, since: now()};
    return known.since;
  };
}
