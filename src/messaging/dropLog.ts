import type {JsMsg} from "nats";
import type {StreamName} from "../../schemas/defineMessage.js";
import type {ErrorCode} from "../errors.js";
import type {Logger} from "../runtime/logger.js";
import type {Bus} from "./connect.js";
import {publishDeadLetter} from "./deadLetter.js";

export const floodCode: ErrorCode = "SENDER_FLOODS";

const firstAfterMs = 1000;
const againAfterMs = 600_000;
const reason = "put aside unread: too many of this sender's messages were refused; the letters before this one say why";

/** Tells people of messages that were put aside: how many, in one dead letter and one line, once, and then every ten minutes. */
export function createDropLog(bus: Bus, stream: StreamName, logger: Logger) {
  let count = 0;
  let last: JsMsg | undefined;
  let timer: NodeJS.Timeout | undefined;

  const say = async (): Promise<void> => {
    if (count === 0 || !last) return;
    const said = count;
    logger.warn({stream, subject: last.subject, code: floodCode, count}, "messages put aside unread");
    try {
      await publishDeadLetter(bus, last, {code: floodCode, reason, count});
      count -= said;
    } catch (failure) {
      logger.warn({stream, error: (failure as Error).message}, "dead letter not published, it will be tried again");
    }
  };
  const sayIn = (ms: number): void => {
    timer = setTimeout(async () => {
      await say();
      sayIn(againAfterMs);
    }, ms).unref();
  };
  return {
    add(message: JsMsg): void {
      count++;
      last = message;
      if (!timer) sayIn(firstAfterMs);
    },
    /** Says what it has not said yet. */
    async stop(): Promise<void> {
      clearTimeout(timer);
      await say();
    },
  };
}
