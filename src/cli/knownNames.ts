import {commands} from "./commands.js";

/** The name of every variable that a command reads. */
export const knownNames: ReadonlySet<string> = new Set(
  commands.flatMap(({env}) =>
    Object.entries(env?.properties ?? {}).flatMap(([name, {secret}]: [string, {secret?: boolean}]) =>
      secret === true ? [name, `${name}_FILE`] : [name],
    ),
  ),
);
