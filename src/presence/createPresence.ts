import {randomInt} from "node:crypto";
import type {NetworkName} from "../../schemas/fields.js";
import {mostCodes, type Presence, presence} from "../../schemas/presence.js";
import type {BusClock} from "../messaging/busClock.js";
import type {Bus} from "../messaging/connect.js";
import type {EntryWatch} from "../messaging/entryWatch.js";
import {publishOnce} from "../messaging/publishOnce.js";
import {createWaits} from "../runtime/createWaits.js";
import {endsWithin} from "../runtime/endsWithin.js";
import type {Logger} from "../runtime/logger.js";
import {createOutage} from "../runtime/outage.js";
import type {Shutdown} from "../runtime/shutdown.js";
import {createTally, type Tally} from "./createTally.js";
import {isDue, type Moment} from "./isDue.js";

/** What a process is, in each of its presences. */
export type Self = {
  readonly role: Presence["role"];
  readonly instance: string;
  readonly version: string;
  readonly loopDelayMs: () => number;
};

/** What only the role knows; it is read several times a second, so it must not take time. */
export type Facts = Pick<Presence, "key_shares" | "beacon" | "signer" | "oracles" | "keys_left" | "asked_at">;

type Options = {
  readonly self: Self;
  readonly bus: Bus;
  readonly network: NetworkName;
  /** The share index that it speaks for. */
  readonly sidecar?: {readonly clusterId: string; readonly shareIndex: number};
  readonly clock: Pick<BusClock, "now" | "offsetMs">;
  readonly facts: () => Facts;
  readonly logger: Logger;
};

/** A participant's presence on the bus. */
export type OwnPresence = {
  /** For what it consumes: what waits, and what is refused for good. */
  readonly entryWatch: EntryWatch;
  /** For what it answers. */
  readonly tally: Tally;
  /** From now on publishes it, and at the end that it stops, for which the shutdown waits a second at most. */
  start(shutdown: Pick<Shutdown, "onStop">): void;
};

const tickMs = 500;
const publishedWithinMs = 5000;
const stoppedWithinMs = 1000;

/** As others have them: several processes of a participant must not publish in step, each over the one before. */
const chooseRestMs = (): number => randomInt(25_000, 30_001);

/** A presence whose publishing disturbs nothing: nobody waits for it, and what fails is logged once a minute and tried again. */
export function createPresence({self, bus, network, sidecar, clock, facts, logger}: Options): OwnPresence {
  const waits = createWaits(clock.now);
  const tally = createTally(clock.now);
  const outage = createOutage("the stream PRESENCE", logger);
  const {role, instance, version} = self;
  const head = {network, participant: bus.identity.participant, instance, role};
  const ofSidecar = sidecar && {cluster_id: sidecar.clusterId, share_index: sidecar.shareIndex};
  const startedAt = clock.now();
  let last: Moment | undefined;
  let restMs = chooseRestMs();
  let isUnderWay = false;

  const compose = (state: Presence["state"]): Presence => {
    const {signed, refused} = tally.read();
    return {
      ...head,
      ...ofSidecar,
      version,
      started_at: startedAt,
      said_at: clock.now(),
      state,
      ...(sidecar && {signed}),
      refused,
      waits: waits.list().slice(0, mostCodes),
      ...facts(),
      clock_offset_ms: clock.offsetMs(),
      loop_delay_ms: self.loopDelayMs(),
    };
  };
  const attempt = async (publishing: () => Promise<void>): Promise<void> => {
    try {
      await publishing();
    } catch (error) {
      if (last) last = {...last, isLost: true};
      outage.failed((error as Error).message);
    }
  };
  const tick = async (): Promise<void> => {
    const next = {presence: compose("runs"), atMs: performance.now()};
    if (isUnderWay || !isDue(last, next, restMs)) return;
    last = next;
    restMs = chooseRestMs();
    isUnderWay = true;
    try {
      await publishOnce(bus, presence, next.presence, publishedWithinMs);
      outage.served();
    } finally {
      isUnderWay = false;
    }
  };
  return {
    entryWatch: {
      handled: waits.settled,
      refused(entry, code) {
        waits.settled(entry);
        tally.refused(code);
      },
      retried: waits.waiting,
    },
    tally,
    start(shutdown) {
      void attempt(tick);
      const timer = setInterval(() => void attempt(tick), tickMs).unref();
      shutdown.onStop(() => {
        clearInterval(timer);
        return endsWithin(
          stoppedWithinMs,
          attempt(async () => publishOnce(bus, presence, compose("stops"), stoppedWithinMs)),
        );
      });
    },
  };
}
