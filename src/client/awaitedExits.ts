import {type DepositId, depositKeyOf} from "../exits/depositId.js";
import {type ExitId, exitKeyOf} from "../exits/exitId.js";
import type {CompletedExit, ExitsOutcome, OnProgress, RejectedExit, RequestedExit} from "./outcome.js";

/** The exits that an operator waits for. */
export type AwaitedExits = ReturnType<typeof createAwaitedExits>;

/** `untilMs` is a time of performance.now(), so that setting the clock neither ends nor prolongs the wait. */
type WaitOptions = {
  quietMs: number;
  /** How long after an order was rejected as expired others may be, to be ordered again together. */
  gatherMs: number;
  untilMs: number;
  signal: AbortSignal;
};

/** An exit that still lacks its result or its deposit's signature. */
type OpenExit = {exit: RequestedExit; result?: CompletedExit | undefined; signature?: string | undefined};

/** Tracks which of the requested exits are answered, each with its deposit if one was requested. */
export function createAwaitedExits(
  exits: readonly RequestedExit[],
  onProgress?: OnProgress,
  onCompleted?: (completed: CompletedExit) => void,
) {
  const requested = new Map(exits.map((exit) => [exitKeyOf(exit), exit]));
  const open = new Map([...requested].map(([key, exit]): [string, OpenExit] => [key, {exit}]));
  const exitKeys = new Map(
    exits.flatMap((exit) => (exit.deposit ? [[depositKeyOf({...exit, deposit: exit.deposit}), exitKeyOf(exit)]] : [])),
  );
  const completed = new Map<string, CompletedExit>();
  const rejected = new Map<string, RejectedExit>();
  const expired = new Set<string>();
  let firstExpiredMs = 0;
  let wake = (): void => {};

  const unanswered = (): RequestedExit[] => [...open.values()].map(({exit}) => exit);
  const progress = () => ({answered: exits.length - open.size, rejected: rejected.size, total: exits.length, unanswered});
  const settle = (exit: ExitId, how: {completed: boolean; code?: string}): void => {
    open.delete(exitKeyOf(exit));
    onProgress?.({...progress(), exit, ...how});
    wake();
  };
  onProgress?.(progress());

  /** Whether an answer arrives before the time is over or the signal aborts. */
  const nextAnswer = (ms: number, signal: AbortSignal): Promise<boolean> =>
    new Promise((resolve) => {
      const end = (hasArrived: boolean) => (): void => {
        clearTimeout(timer);
        signal.removeEventListener("abort", aborted);
        resolve(hasArrived);
      };
      const aborted = end(false);
      const timer = setTimeout(end(false), ms);
      signal.addEventListener("abort", aborted, {once: true});
      wake = end(true);
    });

  const completeIfWhole = ({exit, result, signature}: OpenExit): void => {
    if (!result || (exit.deposit && signature === undefined)) return;
    const deposit = exit.deposit && signature !== undefined ? {deposit: {...exit.deposit, signature}} : {};
    completed.set(exitKeyOf(exit), {...result, ...deposit});
    onCompleted?.(result);
    settle(exit, {completed: true});
  };

  return {
    /** Whether the exit or its deposit is not answered. */
    isOpen: (exit: ExitId): boolean => open.has(exitKeyOf(exit)),
    /** Whether the exit's own result is missing. */
    isResultOpen(exit: ExitId): boolean {
      const openExit = open.get(exitKeyOf(exit));
      return openExit !== undefined && openExit.result === undefined;
    },
    /** The exit that lacks this deposit's signature. */
    findByDeposit(id: DepositId): ExitId | undefined {
      const openExit = open.get(exitKeys.get(depositKeyOf(id)) ?? "");
      return openExit?.signature === undefined ? openExit?.exit : undefined;
    },
    unanswered,
    complete(result: CompletedExit): void {
      const openExit = open.get(exitKeyOf(result.exit));
      if (openExit) completeIfWhole(Object.assign(openExit, {result}));
    },
    /** Takes the signature of the exit's deposit. */
    completeDeposit(exit: ExitId, signature: string): void {
      const openExit = open.get(exitKeyOf(exit));
      if (openExit) completeIfWhole(Object.assign(openExit, {signature}));
    },
    /** Takes the rejection of an exit or its deposit: one is of no use without the other. */
    reject(rejection: RejectedExit): void {
      rejected.set(exitKeyOf(rejection.exit), rejection);
      settle(rejection.exit, {completed: false, code: rejection.code});
    },
    /** Notes that the exit's order is rejected as expired: it stays open, to be ordered again. */
    expireOrder(exit: ExitId): void {
      if (expired.size === 0) firstExpiredMs = performance.now();
      expired.add(exitKeyOf(exit));
      wake();
    },
    /** The open exits that are to be ordered again, each returned once. */
    takeExpired(): RequestedExit[] {
      const exits = [...expired].flatMap((key) => open.get(key)?.exit ?? []);
      expired.clear();
      return exits;
    },
    /** Reopens the exits that were answered for another oracle set than this, and returns their number. */
    reopenForSet(oraclesConfigHash: string): number {
      const others = [...completed].filter(([, result]) => result.oraclesConfigHash !== oraclesConfigHash);
      for (const [key, {deposit}] of others) {
        completed.delete(key);
        open.set(key, {exit: requested.get(key) as RequestedExit, signature: deposit?.signature});
      }
      const withoutDeposit = [...open.values()].filter(({result}) => result && result.oraclesConfigHash !== oraclesConfigHash);
      for (const it of withoutDeposit) it.result = undefined;
      return others.length + withoutDeposit.length;
    },
    /**
     * "all" if every exit is answered, "over" if the time is over or the signal aborts, "expired" if some are to be ordered again,
     * "quiet" if no answer arrived for `quietMs`.
     */
    async waitForAnswers({quietMs, gatherMs, untilMs, signal}: WaitOptions): Promise<"all" | "over" | "expired" | "quiet"> {
      for (;;) {
        if (open.size === 0) return "all";
        const restMs = untilMs - performance.now();
        if (restMs <= 0 || signal.aborted) return "over";
        const gatherRestMs = expired.size > 0 ? firstExpiredMs + gatherMs - performance.now() : quietMs;
        if (gatherRestMs <= 0) return "expired";
        const hasArrived = await nextAnswer(Math.min(quietMs, gatherRestMs, restMs), signal);
        if (!hasArrived && !signal.aborted && quietMs < restMs && expired.size === 0) return "quiet";
      }
    },
    outcome(): ExitsOutcome {
      const inOrder = <T>(answers: Map<string, T>): T[] => exits.flatMap((exit) => answers.get(exitKeyOf(exit)) ?? []);
      return {
        completed: inOrder(completed),
        rejected: inOrder(rejected),
        missing: exits.filter((exit) => open.has(exitKeyOf(exit))),
      };
    },
  };
}
