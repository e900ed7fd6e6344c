import type {Static, TObject, TSchema, TUnion} from "typebox";

export type StreamName =
  | "REQUESTS"
  | "EXIT_REQUESTS"
  | "EXIT_SHARES"
  | "COMPLETIONS"
  | "DEAD_LETTERS"
  | "PRESENCE"
  | "PARTICIPANTS"
  | "ENROLMENTS"
  | "REGISTRATIONS";

/** A message: its schema, and the one subject that a payload may be sent on. */
export type Message<S extends TSchema = TSchema> = {
  readonly name: string;
  readonly schema: S;
  /** The stream that stores it; none stores a question or its answer. */
  readonly stream?: StreamName;
  /** A longer payload is refused before it is parsed. */
  readonly maxBytes: number;
  /** Built from the payload alone, so that a receiver can tell that payload and subject agree. */
  readonly subject: (payload: Static<S>) => string;
};

/** A message that a stream stores. */
export type StoredMessage<S extends TSchema = TSchema> = Message<S> & {readonly stream: StreamName};

/** Defines a message that a stream stores. */
export const defineMessage = <S extends TObject | TUnion>(message: StoredMessage<S>): StoredMessage<S> => Object.freeze(message);

/** Defines a question or an answer, which no stream stores. */
export const defineDirect = <S extends TObject | TUnion>(message: Message<S>): Message<S> => Object.freeze(message);
