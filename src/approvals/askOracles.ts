import type {Static, TSchema} from "typebox";
import type {Oracle} from "../oracles/protocolConfig.js";
import {askReplica, type OracleRequest} from "./askReplica.js";
import {AnswerError, type OracleFailure} from "./oracleFailure.js";

/** An answer that counts, and the replica that gave it. */
export type Answer<A> = {readonly oracle: string; readonly host: string; readonly answer: A};

/** What has come of asking all oracles; the lists are in the order in which it came. */
export type Answers<A> = {
  readonly answers: readonly Answer<A>[];
  readonly failures: readonly OracleFailure[];
  /** How many oracles have not answered yet. */
  readonly pending: number;
};

/** What all oracles are asked, and what becomes of their answers. */
export type Question<T extends TSchema, A> = OracleRequest<T> & {
  /** Takes an answer, or throws an AnswerError if it does not count. */
  readonly take: (answer: Static<T>, oracle: Oracle) => A | Promise<A>;
  /** Whether nothing that may still come would change the outcome. */
  readonly isDecided: (soFar: Answers<A>) => boolean;
  /** For all oracles together. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
};

/**
 * Asks all oracles at once. As soon as the outcome is decided, it returns, and ends the requests that are still open. Rejects with
 * the signal's reason if that aborts.
 */
export async function askOracles<T extends TSchema, A>(
  oracles: readonly Oracle[],
  {isDecided, ...question}: Question<T, A>,
): Promise<Answers<A>> {
  question.signal.throwIfAborted();
  const decided = new AbortController();
  const signal = AbortSignal.any([question.signal, decided.signal]);
  const answers: Answer<A>[] = [];
  const failures: OracleFailure[] = [];
  let pending = oracles.length;
  await new Promise<void>((resolve, reject) => {
    const settle = (answer: Answer<A> | undefined, failed: readonly OracleFailure[]): void => {
      if (decided.signal.aborted) return;
      if (answer) answers.push(answer);
      failures.push(...failed);
      pending--;
      if (pending === 0 || isDecided({answers, failures, pending})) resolve();
    };
    const asks = oracles.map((oracle) => askOracle(oracle, {...question, signal}));
    for (const ask of asks) ask.then(({answer, failed}) => settle(answer, failed)).catch(reject);
  }).finally(() => decided.abort());
  question.signal.throwIfAborted();
  return {answers, failures, pending};
}

/**
 * Asks an oracle's replicas in random order until an answer of one counts. Each has an equal part of the time that is left, so that one
 * that hangs leaves some for the others.
 */
async function askOracle<T extends TSchema, A>(
  oracle: Oracle,
  {take, timeoutMs, signal, ...request}: Omit<Question<T, A>, "isDecided">,
): Promise<{answer?: Answer<A>; failed: OracleFailure[]}> {
  const {address, endpoints} = oracle;
  const until = performance.now() + timeoutMs;
  const failed: OracleFailure[] = [];
  const fail = (host: string, kind: OracleFailure["kind"], reason: string): void => {
    failed.push({oracle: address, host, kind, reason});
  };
  if (endpoints.length === 0) fail("no host", "unavailable", `the oracles config has no endpoint of oracle ${address}`);
  for (const [turn, endpoint] of shuffled(endpoints).entries()) {
    const {host} = endpoint;
    const partMs = Math.max(0, Math.floor((until - performance.now()) / (endpoints.length - turn)));
    try {
      const answer = await take(await askReplica(endpoint, request, {timeoutMs: partMs, signal}), oracle);
      return {answer: {oracle: address, host, answer}, failed};
    } catch (error) {
      if (!(error instanceof AnswerError)) throw error;
      fail(host, error.kind, error.message);
    }
    if (signal.aborted) break;
  }
  return {failed};
}

/** Fisher and Yates. */
function shuffled<T>(items: readonly T[]): T[] {
  const result = [...items];
  for (let last = result.length - 1; last > 0; last--) {
    const other = Math.floor(Math.random() * (last + 1));
    [result[last], result[other]] = [result[other] as T, result[last] as T];
  }
  return result;
}
