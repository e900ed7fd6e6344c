import {createRecent} from "./recent.js";

const againAfterMs = 3_600_000;

/** Warns of a thing once in an hour: clients poll, and it is found again on every poll. */
export type WarnOnce = (fields: object, message: string) => void;

export function createWarnOnce(logger: {warn: WarnOnce}): WarnOnce {
  const told = createRecent(againAfterMs);
  return (fields, message) => {
    const key = JSON.stringify([message, fields]);
    if (told.has(key)) return;
    told.add(key);
    logger.warn(fields, message);
  };
}
