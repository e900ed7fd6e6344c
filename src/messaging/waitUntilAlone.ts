import {setTimeout as delay} from "node:timers/promises";
import type {StreamName} from "../../schemas/defineMessage.js";
import {DvtError, type ErrorCode} from "../errors.js";
import type {Logger} from "../runtime/logger.js";
import type {Bus} from "./connect.js";
import {readConsumer} from "./consumer.js";

/** A durable consumer that one process may wait on: two would each get a part of the messages. */
export type ExclusiveConsumer = {
  readonly stream: StreamName;
  readonly durable: string;
  /** Who waits on it, for a sentence. */
  readonly who: string;
  readonly inUse: ErrorCode;
  readonly logger: Logger;
  readonly signal: AbortSignal;
  /** So long another process may take to end; what one that was killed has asked the server for is over after 5 s. */
  readonly patienceMs?: number;
};

const betweenLooksMs = 250;
const betweenRequestsMs = 50;

/** Ends when asked to. `inUse` when another process still waits on the durable after the patience. STREAMS_MISSING when there is none. */
export async function waitUntilAlone(bus: Bus, exclusive: ExclusiveConsumer): Promise<void> {
  const {stream, durable, who, inUse, logger, signal, patienceMs = 30_000} = exclusive;
  const isWaitedOn = async (): Promise<boolean> => (await readConsumer(bus, stream, durable)).num_waiting > 0;
  // Between two of its requests a process waits on nothing for a moment.
  const isTaken = async (): Promise<boolean> => (await isWaitedOn()) || (await delay(betweenRequestsMs).then(isWaitedOn));
  const startedAt = performance.now();
  for (let isFirst = true; !signal.aborted && (await isTaken()); isFirst = false) {
    if (isFirst) logger.warn({durable}, `another process waits as ${who}, waiting until it ends`);
    if (performance.now() - startedAt >= patienceMs) {
      throw new DvtError(
        inUse,
        `wait as ${who}: another process does, and still did after ${Math.round(patienceMs / 1000)} s; stop that one, wherever it runs`,
      );
    }
    await delay(betweenLooksMs, undefined, {signal}).catch(() => {});
  }
}
