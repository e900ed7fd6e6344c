import type {ExitLine, ExitsPage} from "../../../schemas/status.js";

/** The rows of a list, and how many exits belong there that are not shown, so that nothing moves. */
export type ShownExits = {
  readonly lines: readonly {readonly line: ExitLine; readonly hasLeft: boolean}[];
  readonly unseen: number;
  readonly cursor: string | undefined;
};

const idOf = ({public_key, validator_index}: ExitLine): string => `${public_key} ${validator_index}`;

/**
 * Rows that are shown stay where they are, also when their exit no longer fits the filter. New ones are added below, as far as the
 * first list had no further page; those that would push others down are only counted.
 */
export function mergeExits(before: ShownExits | undefined, {exits, cursor}: ExitsPage): ShownExits {
  if (!before || before.lines.length === 0) {
    return {lines: exits.map((line) => ({line, hasLeft: false})), unseen: 0, cursor};
  }
  const fresh = new Map(exits.map((line) => [idOf(line), line]));
  const kept = before.lines.map(({line}) => {
    const now = fresh.get(idOf(line));
    return {line: now ?? line, hasLeft: now === undefined};
  });
  const known = new Set(kept.map(({line}) => idOf(line)));
  const lastKnown = exits.findLastIndex((line) => known.has(idOf(line)));
  const below = before.cursor === undefined ? exits.slice(lastKnown + 1) : [];
  const above = exits.slice(0, lastKnown + 1).filter((line) => !known.has(idOf(line)));
  return {lines: [...kept, ...below.map((line) => ({line, hasLeft: false}))], unseen: above.length, cursor};
}
