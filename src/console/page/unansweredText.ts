import type {AnswerKind, OutOfDate} from "../pageState.js";

const names: Record<AnswerKind, string> = {
  status: "the status",
  exits: "the exits",
  exit: "this exit",
  dead_letters: "the dead letters",
};

/** What is not answered, with the code of the problem if the relayer told one: "no answer about the exits (STORE_UNAVAILABLE)". */
export function unansweredText({unanswered}: OutOfDate): string {
  if (unanswered.length === 0) return "the relayer does not answer";
  const texts = unanswered.map(({about, problem}) => names[about] + (problem === undefined ? "" : ` (${problem})`));
  return `no answer about ${texts.join(" and ")}`;
}
