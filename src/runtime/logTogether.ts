import {groupBy} from "./groupBy.js";

/** Something that happened to an exit; `exit` is its key. */
export type ExitEvent = {readonly exit: string};

/** Logs events in as few lines as their other fields allow: those with the same fields in one line, which has their `exits`. */
export function logTogether<E extends ExitEvent>(
  events: readonly E[],
  log: (fields: Omit<E, "exit"> & {exits: string[]}) => void,
): void {
  const fieldsOf = ({exit: _, ...fields}: E): Omit<E, "exit"> => fields;
  for (const same of groupBy(events, (event) => JSON.stringify(fieldsOf(event))).values())
    log({...fieldsOf(same[0] as E), exits: same.map(({exit}) => exit)});
}
