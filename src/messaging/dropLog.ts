import type {JsMsg} from "nats";
import type {StreamName} from "../../schemas/defineMessage.js";
import type {Logger} from "../runtime/logger.js";
import type {Bus} from "./connect.js";
import {publishDeadLetter} from "./deadLetter.js";

/** Messages that are reported by their number, and how a dead letter and the log say that. */
type Counted = {readonly code: string; readonly reason: string; readonly logged: string};

/** Reports how many messages have no dead letter of their own. */
export type DropLog = ReturnType<typeof createDropLog>;

const firstAfterMs = 1000;
const againAfterMs = 600_000;

/** Reports the number of messages in one dead letter and one log line: after a second, then every ten minutes. */
export function createDropLog(bus: Bus, stream: StreamName, logger: Logger, {code, reason, logged}: Counted) {
  let count = 0;
  let last: JsMsg | undefined;
  let timer: NodeJS.Timeout | undefined;

  const report = async (): Promise<void> => {
    if (count === 0 || !last) return;
    const reported = count;
    logger.warn({stream, subject: last.subject, code, count}, logged);
    try {
      await publishDeadLetter(bus, last, {code, reason, count});
      count -= reported;
    } catch (failure) {
      logger.warn({stream, error: (failure as Error).message}, "dead letter not published, will be retried");
    }
  };
  const reportIn = (ms: number): void => {
    timer = setTimeout(async () => {
      await report();
      reportIn(againAfterMs);
    }, ms).unref();
  };
  return {
    add(message: JsMsg): void {
      count++;
      last = message;
      if (!timer) reportIn(firstAfterMs);
    },
    /** Reports what is not yet reported. */
    async stop(): Promise<void> {
      clearTimeout(timer);
      await report();
    },
  };
}
