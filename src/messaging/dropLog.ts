import type {JsMsg} from "nats";
import type {StreamName} from "../../schemas/defineMessage.js";
import type {ErrorCode} from "../errors.js";
import type {Logger} from "../runtime/logger.js";
import type {Bus} from "./connect.js";
import {publishDeadLetter} from "./deadLetter.js";

/** The code of messages that are dropped unread. */
export const floodCode: ErrorCode = "SENDER_FLOODS";

const firstAfterMs = 1000;
const againAfterMs = 600_000;
const reason = "dropped unread: too many of this sender's messages were invalid; the letters before this one say why";

/** Reports how many messages were dropped unread, in one dead letter and one log line: after a second, then every ten minutes. */
export function createDropLog(bus: Bus, stream: StreamName, logger: Logger) {
  let count = 0;
  let last: JsMsg | undefined;
  let timer: NodeJS.Timeout | undefined;

  const report = async (): Promise<void> => {
    if (count === 0 || !last) return;
    const reported = count;
    logger.warn({stream, subject: last.subject, code: floodCode, count}, "messages dropped unread");
    try {
      await publishDeadLetter(bus, last, {code: floodCode, reason, count});
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
