/**
 * Why an answer does not count:
 * - `refused`: the oracle says why it does not do what it was asked (400, 422).
 * - `unavailable`: no answer in time, or a status that says nothing of the request.
 * - `malformed`: the answer is not what the protocol says.
 * - `behind`: the oracle does not know enough of the chain yet.
 * - `wrong deadline`: it approves for longer than asked, or until a time that is over.
 * - `lying`: its signature is not of the oracle's key, or of something else than was asked.
 */
export type FailureKind = "refused" | "unavailable" | "malformed" | "behind" | "wrong deadline" | "lying";

/** An answer that does not count. */
export type OracleFailure = {
  /** The oracle's address, in lower-case hex with 0x. */
  readonly oracle: string;
  /** The replica by its host and port alone; "no host" of an oracle without an endpoint. */
  readonly host: string;
  readonly kind: FailureKind;
  /** One line of printable ASCII, of at most 300 characters. What an oracle said is quoted in it. */
  readonly reason: string;
};

/** Thrown while an answer is read; its message is the reason. */
export class AnswerError extends Error {
  readonly kind: FailureKind;

  constructor(kind: FailureKind, reason: string) {
    super(reason);
    this.kind = kind;
  }
}
