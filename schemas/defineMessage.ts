import type {Static, TObject, TSchema, TUnion} from "typebox";

export type StreamName = "REQUESTS" | "EXIT_REQUESTS" | "EXIT_SHARES" | "COMPLETIONS" | "DEAD_LETTERS";

/** What is said on the bus: its schema, the stream that keeps it, and the one subject on which this very payload may travel. */
export type Message<S extends TSchema = TSchema> = {
  readonly name: string;
  readonly schema: S;
  readonly stream: StreamName;
  /** Longer ones are refused before they are parsed. */
  readonly maxBytes: number;
  /** Built from the payload alone, so that a receiver can tell that payload and subject agree. */
  readonly subject: (payload: Static<S>) => string;
};

export const defineMessage = <S extends TObject | TUnion>(message: Message<S>): Message<S> => Object.freeze(message);
