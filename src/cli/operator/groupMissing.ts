import type {ExitLine, ExitsPage} from "../../../schemas/status.js";
import type {ExitId} from "../../exits/exitId.js";
import {countText} from "../../runtime/countText.js";
import {groupBy} from "../../runtime/groupBy.js";
import {missingText} from "../status/missingText.js";

/** Exits that an operator waits for, and in one line whose turn they are. */
export type MissingGroup = {readonly text: string; readonly exits: readonly ExitId[]};

const words: Readonly<Record<Exclude<ExitLine["state"], "open">, string>> = {
  complete: "complete, the result is on its way",
  rejected: "rejected, the answer is on its way",
  superseded: "superseded by another index of the same key",
  expired: "expired, to be asked for again",
};

/** Groups exits that lack the same for the same reasons, in the order of their first ones. `page` is what the relayer says of them. */
export function groupMissing(exits: readonly ExitId[], {at, exits: lines}: Pick<ExitsPage, "at" | "exits">): MissingGroup[] {
  const lineOf = new Map(lines.map((line) => [`${line.public_key}:${line.validator_index}`, line]));
  const known = exits.map((exit) => ({exit, line: lineOf.get(`${exit.publicKey}:${exit.validatorIndex}`)}));
  const groups = groupBy(known, ({line}) => (line ? pictureOf(line) : ""));
  return [...groups.values()].map((those) => {
    const [first] = those;
    const oldest = Math.min(...those.map(({line}) => line?.opened_at ?? 0));
    return {text: textOf(first?.line, {exits: those.length, oldest, at}), exits: those.map(({exit}) => exit)};
  });
}

/** Exits with the same picture are shown together. */
const pictureOf = ({state, has, needs, lacks}: ExitLine): string =>
  state === "open" ? JSON.stringify([has, needs, lacks.map(({since: _, ...lack}) => lack)]) : state;

function textOf(line: ExitLine | undefined, {exits, oldest, at}: {exits: number; oldest: number; at: number}): string {
  if (!line) return `${countText(exits, "exit")}: not at the relayer yet`;
  if (line.state !== "open") return `${countText(exits, "exit")}: ${words[line.state]}`;
  return missingText({...line, exits, opened_at: oldest}, at);
}
