import {setTimeout as delay} from "node:timers/promises";
import type {StreamName} from "../../schemas/defineMessage.js";
import {DvtError, type ErrorCode} from "../errors.js";
import type {Logger} from "../runtime/logger.js";
import type {Bus} from "./connect.js";
import {readConsumer} from "./consumer.js";

/** A durable consumer that only one process may pull from: two would each receive a part of the messages. */
export type ExclusiveConsumer = {
  readonly stream: StreamName;
  readonly durable: string;
  /** Who pulls from it, for logs and errors. */
  readonly who: string;
  readonly inUse: ErrorCode;
  readonly logger: Logger;
  readonly signal: AbortSignal;
  /** How long another process may take to end; the pull of a process that was killed expires after 5 s. */
  readonly patienceMs?: number;
};

const pollEveryMs = 250;
const betweenPullsMs = 50;

/** Waits until no other process pulls from the consumer: `inUse` after the patience, STREAMS_MISSING if there is none. Ends on abort. */
export async function waitUntilAlone(bus: Bus, exclusive: ExclusiveConsumer): Promise<void> {
  const {stream, durable, who, inUse, logger, signal, patienceMs = 30_000} = exclusive;
  const isPulled = async (): Promise<boolean> => (await readConsumer(bus, stream, durable)).num_waiting > 0;
  // Between two pulls of a process none is pending for a moment.
  const isTaken = async (): Promise<boolean> => (await isPulled()) || (await delay(betweenPullsMs).then(isPulled));
  const startedAt = performance.now();
  for (let isFirst = true; !signal.aborted && (await isTaken()); isFirst = false) {
    if (isFirst) logger.warn({durable}, `another process runs as ${who}, waiting until it ends`);
    if (performance.now() - startedAt >= patienceMs) {
      throw new DvtError(
        inUse,
        `run as ${who}: another process still does after ${Math.round(patienceMs / 1000)} s; stop it, on whichever machine it runs`,
      );
    }
    await delay(pollEveryMs, undefined, {signal}).catch(() => {});
  }
}
