import {DvtError, type ErrorCode} from "../errors.js";
import type {Logger} from "../runtime/logger.js";
import {createOutage} from "../runtime/outage.js";

/** Endpoints of the same chain that stand in for each other. */
export type FailOver<E> = {
  /** `mismatch` when any of them is of another chain, `unavailable` when none answers. */
  checkAll(): Promise<void>;
  /**
   * Runs the operation on one endpoint: the one that served last, and the next one when that fails, from the operation's
   * beginning. So no operation mixes the answers of two. `unavailable` or `mismatch` when none serves.
   */
  run<T>(operation: (endpoint: E) => Promise<T>): Promise<T>;
};

type Options<E> = {
  /** What one of them is, for the log. */
  readonly what: string;
  readonly unavailable: ErrorCode;
  readonly mismatch: ErrorCode;
  /** Rejects with `mismatch` when it is of another chain. */
  readonly check: (endpoint: E) => Promise<void>;
  /** Nothing is tried any more once it is aborted. */
  readonly signal: AbortSignal;
  readonly logger: Logger;
};

export function createFailOver<E extends {readonly host: string}>(
  endpoints: readonly E[],
  {what, unavailable, mismatch, check, signal, logger}: Options<E>,
): FailOver<E> {
  let serving = 0;
  const isOfEndpoint = (error: unknown): error is DvtError =>
    error instanceof DvtError && (error.code === unavailable || error.code === mismatch);
  /** Where one of them may come back, trying again helps. */
  const mildest = (failures: readonly DvtError[]): DvtError =>
    (failures.find(({code}) => code === unavailable) ?? failures[0]) as DvtError;
  const words = {begins: `${what} fails, another one serves`, goesOn: `${what} still fails`, ends: `${what} serves again`};
  const outages = endpoints.map(({host}) => createOutage({...words, fields: {endpoint: host}}, logger));
  const warnOf = ({code, message}: DvtError, position: number): void => outages[position]?.failed(message, () => ({code}));

  return {
    async checkAll() {
      const checks = await Promise.allSettled(endpoints.map(check));
      const failures = checks.flatMap((it, position) =>
        it.status === "rejected" ? [{error: it.reason as DvtError, position}] : [],
      );
      const wrong = failures.find(({error}) => error.code !== unavailable);
      if (wrong) throw wrong.error;
      if (failures.length === endpoints.length) throw mildest(failures.map(({error}) => error));
      for (const {error, position} of failures) warnOf(error, position);
    },
    async run(operation) {
      const failures: DvtError[] = [];
      for (let turn = 0, position = serving; turn < endpoints.length; turn++, position = (position + 1) % endpoints.length) {
        const endpoint = endpoints[position] as E;
        try {
          await check(endpoint);
          const answer = await operation(endpoint);
          serving = position;
          outages[position]?.served();
          return answer;
        } catch (error) {
          if (signal.aborted || !isOfEndpoint(error)) throw error;
          failures.push(error);
          if (failures.length < endpoints.length) warnOf(error, position);
        }
      }
      throw mildest(failures);
    },
  };
}
