import {createSince} from "./createSince.js";

type Options<S> = {
  /** Asks for the state now; it never rejects. */
  readonly ask: () => Promise<S>;
  /** The bus's clock. */
  readonly now: () => number;
  readonly everyMs?: number;
};

/** A state that is asked for again and again. */
export type Probe<S> = {
  /** Undefined until the first answer. */
  read(): {state: S; since: number} | undefined;
  /** Does not wait for an answer. */
  stop(): void;
};

/** Asks at once, and then every 30 s, one question at a time. */
export function startProbe<S extends string>({ask, now, everyMs = 30_000}: Options<S>): Probe<S> {
  const sinceOf = createSince<S>(now);
  let known: {state: S; since: number} | undefined;
  let isAsking = false;
  const askOnce = async (): Promise<void> => {
    if (isAsking) return;
    isAsking = true;
    const state = await ask();
    known = {state, since: sinceOf(state)};
    isAsking = false;
  };
  void askOnce();
  const timer = setInterval(() => void askOnce(), everyMs).unref();
  return {read: () => known, stop: () => clearInterval(timer)};
}
