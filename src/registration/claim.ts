import {DvtError} from "../errors.js";
import {every} from "../runtime/every.js";
import type {Logger} from "../runtime/logger.js";
import {createOutage} from "../runtime/outage.js";
import {createSlots} from "../runtime/slots.js";
import type {Said} from "./createClaimReader.js";
import {fromWire, type Pending, type PendingWire, toWire} from "./pending.js";

/** One process's right to act for a vault, for as long as it renews it. */
export type Claim = {
  /** What whoever claimed the vault before has left, or what was written last. */
  readonly pending: Pending;
  /**
   * Replaces what is pending; resolves once the stream has it. Until then nobody else had claimed the vault.
   * REGISTRATION_TAKEN_OVER; BUS_UNAVAILABLE: it may be stored, or not.
   */
  write(pending: Pending): Promise<void>;
  /** Aborted with REGISTRATION_TAKEN_OVER once somebody else has claimed the vault, or the claim was not renewed in time. */
  readonly lost: AbortSignal;
  /** Lets others claim the vault at once; what is pending stays for them. */
  release(): Promise<void>;
};

/** What a process says about a vault, and after which message it is the next. */
export type Saying = {readonly pending: PendingWire; readonly leaseMs: number; readonly after: number};

/** A claim that the stream has. */
export type Claimed = {readonly seq: number; readonly pending: PendingWire; readonly sentAt: number};

type Parts = {
  /** The address that is claimed. */
  readonly vault: string;
  readonly claimed: "vault" | "wallet";
  /** The id of this process. */
  readonly process: string;
  readonly leaseMs: number;
  readonly logger: Logger;
  /** Resolves with the sequence; undefined if another message came after that one. */
  readonly say: (saying: Saying) => Promise<number | undefined>;
  readonly read: () => Promise<Said>;
};

/** How often a message is published again because others publish about the vault; then it waits for the next renewal. */
export const mostAttempts = 16;
const renewalsInLease = 3;
const unrenewed = (claimed: string) => ({
  begins: `the claim of the ${claimed} is not renewed, will be tried again`,
  goesOn: `the claim of the ${claimed} is still not renewed`,
  ends: `the claim of the ${claimed} is renewed again`,
});
const doing = ({claimed, vault}: Pick<Parts, "claimed" | "vault">): string =>
  claimed === "vault" ? `register for vault ${vault}` : `send from wallet ${vault}`;

/** Keeps a claim: renews it until it is lost or released. */
export function createClaim(first: Claimed, parts: Parts): Claim {
  const {vault, claimed, process, leaseMs, logger, say, read} = parts;
  const controller = new AbortController();
  const {signal: lost} = controller;
  const oneWriter = createSlots(1);
  const outage = createOutage({...unrenewed(claimed), fields: {[claimed]: vault}}, logger);
  let {seq, pending} = first;

  const lose = (why: string): void =>
    controller.abort(new DvtError("REGISTRATION_TAKEN_OVER", `${doing(parts)}: ${why}; run it again`));
  const expireAfter = (sentAt: number): NodeJS.Timeout =>
    setTimeout(() => lose("its claim was not renewed in time"), sentAt + leaseMs - performance.now()).unref();
  let expiry = expireAfter(first.sentAt);

  const store = async (next: PendingWire, lease: number): Promise<void> => {
    for (let attempt = 1; attempt <= mostAttempts; attempt++) {
      lost.throwIfAborted();
      const sentAt = performance.now();
      const stored = await say({pending: next, leaseMs: lease, after: seq});
      if (stored !== undefined) {
        [seq, pending] = [stored, next];
        clearTimeout(expiry);
        expiry = expireAfter(sentAt);
        return;
      }
      const {last, lastSeq} = await read();
      // Our own is an attempt whose answer was lost. There is none if the stream was made anew.
      if (last && last.registration.process !== process) lose(`operator ${last.registration.operator_id} has claimed it`);
      seq = lastSeq;
    }
    throw crowded(parts);
  };
  const storeNext = async (next: () => PendingWire, lease = leaseMs): Promise<void> => {
    await oneWriter.take();
    try {
      await store(next(), lease);
    } finally {
      oneWriter.give();
    }
  };
  const renew = async (): Promise<void> => {
    try {
      await storeNext(() => pending);
      outage.served();
    } catch (error) {
      if (!(error instanceof DvtError)) throw error;
      if (!lost.aborted) outage.failed(error.message, () => ({code: error.code}));
    }
  };
  const renewing = every(leaseMs / renewalsInLease, `renew the claim of a ${claimed}`, renew, logger);
  lost.addEventListener("abort", () => void renewing.stop(), {once: true});

  return {
    get pending() {
      return fromWire(pending);
    },
    write: (next) => storeNext(() => toWire(next)),
    lost,
    async release() {
      await renewing.stop();
      try {
        if (!lost.aborted) await storeNext(() => pending, 0);
      } catch (error) {
        if (!(error instanceof DvtError)) throw error;
        logger.warn(
          {[claimed]: vault, code: error.code, error: error.message},
          `the claim of the ${claimed} ends by itself, until then others wait`,
        );
      } finally {
        clearTimeout(expiry);
      }
    },
  };
}

/** BUS_UNAVAILABLE: others published about it each time, although what they say does not count. */
export const crowded = ({claimed, vault}: Pick<Parts, "claimed" | "vault">): DvtError =>
  new DvtError(
    "BUS_UNAVAILABLE",
    `claim ${claimed} ${vault}: others publish about it all the time, ${mostAttempts} attempts were too late`,
  );
