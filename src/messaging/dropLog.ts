import type {JsMsg} from "nats";
import type {StreamName} from "../../schemas/defineMessage.js";
import type {Logger} from "../runtime/logger.js";
import type {PublishOrLog} from "./deadLetterPublisher.js";

/** Messages that are reported by their number, and how a dead letter and the log say that. */
type Counted = {readonly code: string; readonly reason: string; readonly logged: string};

/** Where it is reported. */
export type Reporting = {readonly stream: StreamName; readonly logger: Logger; readonly publishOrLog: PublishOrLog};

const firstAfterMs = 1000;
const againAfterMs = 600_000;

/** Reports the number of messages in one dead letter and one log line: after a second, then every ten minutes. */
export function createDropLog({stream, logger, publishOrLog}: Reporting, {code, reason, logged}: Counted) {
  let count = 0;
  let last: JsMsg | undefined;
  let timer: NodeJS.Timeout | undefined;

  const report = async (): Promise<void> => {
    if (count === 0 || !last) return;
    const reported = count;
    logger.warn({stream, subject: last.subject, code, count}, logged);
    if (await publishOrLog(last, {code, reason, count}, {})) count -= reported;
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
