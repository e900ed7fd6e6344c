import {setTimeout as delay} from "node:timers/promises";
import {DvtError} from "../../errors.js";
import {isSameDeposit} from "../../exits/depositId.js";
import {exitKeyOf} from "../../exits/exitId.js";
import {roundsAhead} from "../../registry/roundsAhead.js";
import {endsWithin} from "../../runtime/endsWithin.js";
import {groupBy} from "../../runtime/groupBy.js";
import {createSlidingWindow, type SlidingWindow} from "../../runtime/slidingWindow.js";
import type {Reservation} from "../../store/reservations.js";
import {createRecent} from "../caches/recent.js";
import type {Gateway} from "../gateway.js";
import {type ClusterValidator, readWanted, type WantedProgress} from "../progress/readProgress.js";
import {isToBeAsked, publishAsked, toRequested} from "./askForMissing.js";

/** Validators of a vault whose exits and deposits are all complete, in the order of their indexes. */
export type Complete = {
  readonly operatorId: string;
  readonly vault: string;
  readonly placed: readonly (ClusterValidator & Reservation)[];
};

type Placed = Complete["placed"];

type Run = Complete & {
  /** The oracle set that they are complete for. */
  readonly configHash: string;
  readonly signal: AbortSignal;
  /** The public keys that another exit was asked for of: the relayer may not have taken that yet. */
  readonly asked: Set<string>;
};

/** Asks for exits at the indexes that come next, in the background: any deposit by somebody else moves all of them. */
export type AskAhead = {
  /** After all of these are complete; the same ones once, however often they are polled. */
  begin(complete: Complete): void;
  /** Stops asking, and waits until the current exits are the keys' current ones again. */
  stop(): Promise<void>;
};

type Waiting = {
  /** How long a round of exits is waited for: StakeWise's sidecars poll every 2 s. */
  readonly patienceMs?: number;
  readonly betweenLooksMs?: number;
};

const hourMs = 3_600_000;
/** How soon the same indexes are asked for ahead again, if they did not become complete. */
const againAfterMs = 60_000;
/** What was asked for is given back in this time at a stop, or stays as it is. */
const stopWithinMs = 2000;

/** Why a round is over: all of its exits are there; they will not be, or not soon; or another index is wanted now. */
type RoundEnd = "complete" | "lacking" | "moved";

export function createAskAhead(gateway: Gateway, {patienceMs = 30_000, betweenLooksMs = 200}: Waiting = {}): AskAhead {
  const {network, clock, logger, oracles, reservations, results, stopping, aheadPerHour} = gateway;
  const begun = createRecent(againAfterMs);
  const running = new Map<string, {readonly stop: AbortController; readonly done: Promise<void>}>();
  const asked = new Map<string, SlidingWindow>();

  let askedAt = 0;
  /** Later than any before: of two requests of one time, the first would win. */
  const nextTime = (): number => {
    askedAt = Math.max(clock.now(), askedAt + 1);
    return askedAt;
  };

  /** Sidecars sign so many exits within an hour: those of the next indexes leave half of them to the current ones. */
  const takeFromHour = (exits: readonly WantedProgress[]): boolean => {
    const now = performance.now();
    const byCluster = [...groupBy(exits, ({cluster}) => cluster.id)].map(([clusterId, some]) => {
      const window = asked.get(clusterId) ?? createSlidingWindow(hourMs);
      asked.set(clusterId, window);
      return {window, fresh: some.map(({exit}) => exitKeyOf(exit)).filter((key) => !window.has(key, now))};
    });
    if (byCluster.some(({window, fresh}) => window.count(now) + fresh.length > aheadPerHour)) return false;
    for (const {window, fresh} of byCluster) for (const key of fresh) window.add(key, now);
    return true;
  };

  /** Whether the vault still wants just this of these keys, whichever gateway was asked, for the oracle set that they are complete for. */
  const stand = async ({placed, configHash}: Run): Promise<boolean> => {
    const stored = await reservations.findAll(placed.map(({publicKey}) => publicKey));
    const isReserved = placed.every(({publicKey, validatorIndex, deposit}) => {
      const now = stored.get(publicKey);
      if (!now || now instanceof DvtError) return false;
      return now.validatorIndex === validatorIndex && isSameDeposit(now.deposit, deposit);
    });
    return isReserved && oracles.current().configHash === configHash;
  };

  const lackingOf = async (wanted: Placed): Promise<WantedProgress[]> => {
    const read = await readWanted(gateway, wanted);
    const lacking = await Promise.all(read.map(async (it) => ((await results.goodShards(it)) ? [] : [it])));
    return lacking.flat();
  };

  /**
   * Asks, unless the vault wants another index. The request is dated before the reservations are read: one for another index, which is
   * made after these changed, is later, and wins at the relayer. Returns the date, if they stand.
   */
  const ask = async (run: Run, exits: readonly WantedProgress[]): Promise<number | undefined> => {
    const {operatorId} = run;
    const requestedAt = nextTime();
    if (!(await stand(run))) return undefined;
    for (const {exit} of exits) run.asked.add(exit.publicKey);
    if (exits.length > 0) await publishAsked(gateway, {operatorId, requestedAt, exits: exits.map(toRequested)});
    return requestedAt;
  };

  const awaitRound = async (run: Run, round: Placed, requestedAt: number): Promise<RoundEnd> => {
    const until = performance.now() + patienceMs;
    for (;;) {
      const lacking = await lackingOf(round);
      if (lacking.length === 0) return "complete";
      if (lacking.some((it) => isDisplaced(it, requestedAt))) return "moved";
      if (lacking.some(isRefused) || performance.now() > until) return "lacking";
      await delay(betweenLooksMs, undefined, {signal: run.signal}).catch(() => {});
      if (run.signal.aborted || !(await stand(run))) return "moved";
    }
  };

  const askRound = async (run: Run, round: Placed): Promise<RoundEnd> => {
    const lacking = await lackingOf(round);
    if (lacking.length === 0) return "complete";
    if (!takeFromHour(lacking)) return "lacking";
    // Another gateway may have asked already.
    const requestedAt = await ask(
      run,
      lacking.filter((it) => isToBeAsked(it, run.operatorId)),
    );
    return requestedAt === undefined ? "moved" : awaitRound(run, round, requestedAt);
  };

  /**
   * Makes the exits that the vault wants now the current ones of their keys again, for whoever looks at what is asked for. They are
   * complete, so nothing is signed. The relayer is told once more that the operator has them, once they are: before that it would ignore it.
   */
  const giveBack = async (run: Run): Promise<void> => {
    const read = await readWanted(gateway, run.placed);
    const others = read.filter(({exit, head}) => run.asked.has(exit.publicKey) || head?.validatorIndex !== exit.validatorIndex);
    if (others.length === 0 || (await ask(run, others)) === undefined) return;
    const until = performance.now() + patienceMs;
    while (!run.signal.aborted && performance.now() < until && !(await areCurrent(run.placed))) {
      await delay(betweenLooksMs, undefined, {signal: run.signal}).catch(() => {});
    }
    for (const {exit} of others) gateway.receiptsOf(run.operatorId)?.addAgain(exit, run.configHash);
  };

  const areCurrent = async (placed: Placed): Promise<boolean> =>
    (await readWanted(gateway, placed)).every(({exit, head}) => head?.validatorIndex === exit.validatorIndex);

  const askAll = async (run: Run): Promise<void> => {
    for (const round of roundsAhead(run.placed, run.placed[0]?.validatorIndex ?? 0)) {
      if (run.signal.aborted || (await askRound(run, round)) !== "complete") break;
    }
    await giveBack(run);
  };

  const begin = async (run: Run, before: Promise<void> | undefined): Promise<void> => {
    await before;
    if (run.signal.aborted) return;
    try {
      await askAll(run);
    } catch (error) {
      // It only saves time later. At a stop, whatever it needs may be gone already.
      const {message} = error as Error;
      if (!stopping.aborted) logger.warn({vault: run.vault, error: message}, "exits of later indexes not asked for");
    }
  };

  return {
    begin(complete) {
      const {vault, placed} = complete;
      const {configHash} = oracles.current();
      const wanted = placed.flatMap((it) => [exitKeyOf({network, ...it}), it.deposit.amount]);
      const key = [vault, configHash, ...wanted].join(" ");
      if (stopping.aborted || begun.has(key)) return;
      begun.add(key);
      const before = running.get(vault);
      before?.stop.abort();
      const stop = new AbortController();
      const run = {...complete, configHash, signal: AbortSignal.any([stop.signal, stopping]), asked: new Set<string>()};
      running.set(vault, {stop, done: begin(run, before?.done)});
    },
    async stop() {
      await endsWithin(stopWithinMs, Promise.all([...running.values()].map(({done}) => done)));
    },
  };
}

/** A later request made another exit of the key current. */
const isDisplaced = ({exit, head}: WantedProgress, requestedAt: number): boolean =>
  head !== undefined && head.validatorIndex !== exit.validatorIndex && head.requestedAt > requestedAt;

/** So many sidecars refuse that it cannot become complete. */
const isRefused = ({cluster, validator, refusals}: WantedProgress): boolean =>
  refusals.size > validator.publicKeyShares.size - cluster.threshold;
