import type {Question} from "../../schemas/query.js";
import type {DeadLettersPage, ExitStory, ExitsPage, Status} from "../../schemas/status.js";

type Ask<K extends Question["kind"]> = Omit<Extract<Question, {kind: K}>, "kind">;

/** Answers what commands and pages ask about exits and those who sign them. BUS_UNAVAILABLE if no relayer answers. */
export type StatusReader = {
  status(question: Ask<"status">): Promise<Status>;
  exits(question: Ask<"exits">): Promise<ExitsPage>;
  namedExits(question: Ask<"named_exits">): Promise<ExitsPage>;
  /** Undefined if it was never asked for, or whoever asks may not see it. */
  exit(question: Ask<"exit">): Promise<ExitStory | undefined>;
  deadLetters(question: Ask<"dead_letters">): Promise<DeadLettersPage>;
};
