import type {Static, TObject, TSchema, TUnion} from "typebox";

export type StreamName = "REQUESTS" | "EXIT_REQUESTS" | "EXIT_SHARES" | "COMPLETIONS" | "DEAD_LETTERS" | "PRESENCE";

/** A message on the bus: its schema, the stream that stores it, and the one subject that a payload may be published on. */
export type Message<S extends TSchema = TSchema> = {
  readonly name: string;
  readonly schema: S;
  readonly stream: StreamName;
  /** A longer payload is refused before it is parsed. */
  readonly maxBytes: number;
  /** Built from the payload alone, so that a receiver can tell that payload and subject agree. */
  readonly subject: (payload: Static<S>) => string;
};

export const defineMessage = <S extends TObject | TUnion>(message: Message<S>): Message<S> => Object.freeze(message);
