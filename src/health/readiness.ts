import {endsWithin} from "../runtime/endsWithin.js";
import {rememberFor} from "../runtime/rememberFor.js";
import type {StepWatch} from "../runtime/waitFor.js";

/** Why a role is not ready, each with its number for good. docs/errors.md has a row for each. */
export const readinessReasons = {
  STARTING: 1,
  BUS_UNREACHABLE: 2,
  STORE_UNWRITABLE: 3,
  ORACLES_OLD: 4,
  STOPPING: 5,
  CONSUMER_SILENT: 6,
  BUS_UNWRITABLE: 7,
} as const;
export type ReadinessReason = keyof typeof readinessReasons;

/** A reason, and its sentence. Whoever reaches the port may read it, so it holds no address and no path. */
export type NotReady = {readonly reason: ReadinessReason; readonly sentence: string};

/** Something that a running role needs. */
export type Need = NotReady & {
  /** Who needs it, if one process is several participants. */
  readonly participant?: string;
  /** Whether it is there; without an answer within 2 s it counts as away. */
  isMet(): Promise<boolean>;
};

/** A need, and whether it was met when it was looked at. */
export type LookedAt = Omit<Need, "isMet"> & {readonly isMet: boolean};

/** Whether a role takes messages now, and if not, why. */
export type Readiness = StepWatch & {
  /** From now on the role is not ready without these. */
  needs(...needs: readonly Need[]): void;
  /** The start is over. */
  started(): void;
  look(): Promise<readonly LookedAt[]>;
  /** Every reason, by number; none: it is ready. */
  findReasons(): Promise<readonly NotReady[]>;
};

const longestLookMs = 2000;
/** Whoever asks more often costs the servers nothing. */
const rememberedMs = 1000;

export function createReadiness({signal, withinMs = longestLookMs}: {signal: AbortSignal; withinMs?: number}): Readiness {
  const needs: Need[] = [];
  const steps = new Set<Step>();
  let isStarted = false;

  const look = (): Promise<LookedAt[]> => Promise.all(needs.map(async ({isMet, ...need}) => ({...need, isMet: await isMet()})));
  const describeStart = (): NotReady[] => {
    if (isStarted) return [];
    const sentences = steps.size === 0 ? ["the start is under way"] : [...steps].map(describeStep);
    return sentences.map((sentence) => ({reason: "STARTING", sentence}));
  };
  return {
    began(what) {
      const step: Step = {what, sinceMs: Date.now()};
      steps.add(step);
      return {
        failed(code) {
          step.code = code;
        },
        ended: () => void steps.delete(step),
      };
    },
    needs(...more) {
      needs.push(...more.map((need) => ({...need, isMet: rememberFor(rememberedMs, () => isMetWithin(withinMs, need))})));
    },
    started() {
      isStarted = true;
    },
    look,
    async findReasons() {
      if (signal.aborted) return [{reason: "STOPPING", sentence: "it was asked to stop, and finishes its work"}];
      const unmet = (await look()).filter(({isMet}) => !isMet);
      const reasons = [...describeStart(), ...unmet.map(({reason, sentence}) => ({reason, sentence}))];
      return reasons.sort((a, b) => readinessReasons[a.reason] - readinessReasons[b.reason]);
    },
  };
}

/** A step of the start that is not over; with a code, it is tried again. */
type Step = {readonly what: string; readonly sinceMs: number; code?: string};

function describeStep({what, sinceMs, code}: Step): string {
  const since = new Date(sinceMs).toISOString();
  return code === undefined ? `the start is at ${what} since ${since}` : `the start waits for ${what} since ${since}: ${code}`;
}

async function isMetWithin(ms: number, {isMet}: Need): Promise<boolean> {
  let met = false;
  const looking = isMet().then((is) => {
    met = is;
  });
  await endsWithin(ms, looking).catch(() => {});
  return met;
}
