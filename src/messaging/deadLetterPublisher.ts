import type {JsMsg} from "nats";
import type {Logger} from "../runtime/logger.js";
import {createOutage} from "../runtime/outage.js";
import type {Bus} from "./connect.js";
import {type DeadLetterContent, publishDeadLetter} from "./deadLetter.js";

/** Publishes a dead letter; false if that fails. `about` is what a line about the failure has. */
export type PublishOrLog = (message: JsMsg, content: DeadLetterContent, about: object) => Promise<boolean>;

const words = {
  begins: "dead letter not published, the message will be redelivered",
  goesOn: "dead letters are still not published, their messages are redelivered",
  ends: "dead letters are published again",
};

/** Publishes the dead letters of a stream, and logs while that fails. */
export function createDeadLetterPublisher(bus: Bus, stream: string, logger: Logger): PublishOrLog {
  const outage = createOutage({...words, fields: {stream}}, logger);
  return async (message, content, about) => {
    try {
      await publishDeadLetter(bus, message, content);
    } catch (error) {
      outage.failed((error as Error).message, () => about);
      return false;
    }
    outage.served();
    return true;
  };
}
