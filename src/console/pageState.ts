import type {Question} from "../../schemas/query.js";
import type {DeadLettersPage, ExitStory, ExitsPage, Status} from "../../schemas/status.js";

/** What the relayer answered; `exit` is null if nobody asked for that exit. */
export type Answers = {
  readonly status?: Status;
  readonly exits?: ExitsPage;
  readonly exit?: ExitStory | null;
  readonly dead_letters?: DeadLettersPage;
};

export type AnswerKind = Extract<Question["kind"], keyof Answers>;

/** What pages ask. */
export type PageQuestion = Extract<Question, {kind: AnswerKind}>;

/** What is known of what somebody looks at. */
export type Snapshot = {
  readonly answers: Answers;
  /** The latest time of the bus that is known. */
  readonly at: number;
  /** Undefined while everything is answered. */
  readonly outOfDate?: OutOfDate | undefined;
};

/** Why a question was not answered: the code of a problem that the relayer told, or none if no relayer answered. */
export type Failure = {readonly problem?: string};

/** Since when something is not as it is now, and which questions were not answered. */
export type OutOfDate = {
  readonly since: number;
  /** Empty: no relayer answers. */
  readonly unanswered: readonly (Failure & {readonly about: AnswerKind})[];
};

/** What a page shows. */
export type PageState = Snapshot & {
  /** The path and the query of the place. */
  readonly url: string;
};

/** The members of an answer that are not as before; null: gone. The time of the answer is not among them. */
export type Changes = Readonly<Record<string, unknown>> | null;

/** What the server sends a viewer: a time, and what has changed since. */
export type Update = {
  readonly at: number;
  readonly changes?: {readonly [K in AnswerKind]?: Changes};
  readonly out_of_date?: OutOfDate;
};
