import type {Msg} from "nats";
import {answer, type Reply} from "../../schemas/answer.js";
import {type Question, query} from "../../schemas/query.js";
import {DvtError, expected} from "../errors.js";
import {endsWithin} from "../runtime/endsWithin.js";
import {createLanes} from "../runtime/lanes.js";
import type {Logger} from "../runtime/logger.js";
import {createSlots} from "../runtime/slots.js";
import {toSentence} from "../runtime/toSentence.js";
import {createWaitLog} from "../runtime/waitLog.js";
import {queriesOf} from "./accounts.js";
import {queryIdOf} from "./askRelayer.js";
import type {Bus} from "./connect.js";
import {decode} from "./decode.js";
import {encode, type Outgoing} from "./encode.js";
import {signMessage, verifyMessage} from "./signature.js";

type AnswerOptions = {
  /** Finds the reply to a question of this participant. */
  readonly reply: (participant: string, question: Question) => Promise<Reply>;
  readonly logger: Logger;
};

const atOnce = 4;
const mostWaiting = 8;
/** After an answer an asker rests for four times as long as it took, but not so long that its next question would run out of time. */
const restFactor = 4;
const longestRestMs = 1000;
/** A refused query costs its asker more. */
const restAfterRefusedMs = 1000;
const drainedWithinMs = 1000;

const words = {
  begins: "queries are not answered",
  goesOn: "queries are still not answered",
  ends: "no query is left unanswered for this reason any more",
};

/**
 * Answers the queries of everybody who may ask, together with the other relayers. One question of each asker is answered at a time
 * and a few wait; more are dropped unread, so that no asker delays another.
 */
export function answerQueries(bus: Bus, {reply, logger}: AnswerOptions): {stop(): Promise<void>} {
  const {connection, identity} = bus;
  const slots = createSlots(atOnce);
  const refusing = createWaitLog(logger, words);

  const find = async (participant: string, question: Question): Promise<Reply> => {
    try {
      const found = await reply(participant, question);
      refusing.settled(`${participant} ${question.kind}`);
      return found;
    } catch (error) {
      if (error instanceof DvtError) return {kind: "problem", code: error.code, reason: toSentence(error.message)};
      const why = {code: "INTERNAL", question: question.kind};
      refusing.waits(`${participant} ${question.kind}`, why, (error as Error).stack, () => ({participant}));
      return {kind: "problem", code: "INTERNAL", reason: "the relayer's log says why"};
    }
  };
  const respond = async (message: Msg): Promise<void> => {
    await verifyMessage(bus.publishers(message.subject), message.subject, message.data, message.headers);
    const {network, participant, question} = decode(query, message.subject, message.data);
    const toAnswer = (found: Reply): Outgoing =>
      encode(answer, {network, participant, query: queryIdOf(message.data), reply: found});
    const {subject, data} = orProblem(toAnswer, await find(participant, question));
    message.respond(data, {headers: signMessage(identity, subject, data)});
  };
  const lanes = createLanes<Msg>({
    most: mostWaiting,
    async work(message) {
      await slots.take();
      const startedAt = performance.now();
      try {
        await respond(message);
        refusing.settled(message.subject);
        return Math.min(longestRestMs, restFactor * (performance.now() - startedAt));
      } catch (error) {
        const code = error instanceof DvtError ? error.code : "INTERNAL";
        refusing.waits(message.subject, {code, subject: message.subject}, (error as Error).message);
        return restAfterRefusedMs;
      } finally {
        slots.give();
      }
    },
  });
  const subscription = connection.subscribe(queriesOf(bus.participants().network, "*"), {
    queue: "relayers",
    callback(error, message) {
      if (!error && bus.publishers(message.subject).length > 0) lanes.add(message.subject, message);
    },
  });
  return {
    async stop() {
      // Until the server knows, it sends queries here instead of to another relayer: those are still answered.
      await endsWithin(
        drainedWithinMs,
        subscription.drain().catch(() => {}),
      );
      await lanes.stop();
    },
  };
}

/** Encodes a reply; one that is too long or not what it should be becomes a problem, so that whoever asked does not wait in vain. */
function orProblem(toAnswer: (reply: Reply) => Outgoing, reply: Reply): Outgoing {
  try {
    return toAnswer(reply);
  } catch (error) {
    const {code, message} = expected(error);
    return toAnswer({kind: "problem", code, reason: toSentence(message)});
  }
}
