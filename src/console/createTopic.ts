import {RelayerProblem} from "../status/relayerProblem.js";
import type {StatusReader} from "../status/statusReader.js";
import {ask} from "./ask.js";
import {type AnswerTexts, changesBetween, toTexts} from "./changesBetween.js";
import type {Failure, PageQuestion} from "./pageState.js";

/** One question, asked once for everybody who looks at its answer. */
export type Topic = {
  readonly kind: PageQuestion["kind"];
  /** The last answer, which may be out of date: null if nobody asked for that exit, undefined if there was none yet. */
  answer(): {readonly at: number} | null | undefined;
  /** By a clock that nobody sets. */
  askedAt(): number;
  /** Why the last question was not answered; undefined if it was. */
  failure(): Failure | undefined;
  /** Asks again; one question at a time serves all who wait for it. Rejects if it is not answered. */
  refresh(): Promise<void>;
  /** It was not asked this time, because no relayer answered the question before it. */
  skip(): void;
  /** What has changed since the last call, as a member of an update; empty if nothing. */
  takeChanges(): string;
  /** The whole answer, as a member of an update; empty if there is none. */
  whole(): string;
};

const none: AnswerTexts = new Map();

export function createTopic(question: PageQuestion, reader: StatusReader): Topic {
  const {kind} = question;
  let answer: ReturnType<Topic["answer"]>;
  let texts = none;
  let taken: AnswerTexts | null = none;
  let failure: Failure | undefined;
  let askedAt = Number.NEGATIVE_INFINITY;
  let asking: Promise<void> | undefined;

  async function read(): Promise<void> {
    try {
      answer = await ask(reader, question);
      texts = toTexts(answer);
      failure = undefined;
    } catch (error) {
      failure = error instanceof RelayerProblem ? {problem: error.problem} : {};
      throw error;
    } finally {
      askedAt = performance.now();
      asking = undefined;
    }
  }
  const member = (text: string): string => (text === "" ? "" : `"${kind}":${text}`);
  return {
    kind,
    answer: () => answer,
    askedAt: () => askedAt,
    failure: () => failure,
    refresh() {
      asking ??= read();
      return asking;
    },
    skip() {
      failure = {};
    },
    takeChanges() {
      const before = taken;
      taken = answer === null ? null : texts;
      if (taken === null) return before === null ? "" : member("null");
      return member(changesBetween(before ?? none, taken));
    },
    whole: () => (answer === undefined ? "" : member(answer === null ? "null" : changesBetween(none, texts))),
  };
}
