import {answer} from "./answer.js";
import {batchRejection} from "./batchRejection.js";
import {deadLetter} from "./deadLetter.js";
import {depositCompletion} from "./depositCompletion.js";
import {depositRefusal} from "./depositRefusal.js";
import {depositShare} from "./depositShare.js";
import {enrolment} from "./enrolment.js";
import {exitBatch} from "./exitBatch.js";
import {exitCompletion} from "./exitCompletion.js";
import {exitReceipt} from "./exitReceipt.js";
import {exitRefusal} from "./exitRefusal.js";
import {exitRequest} from "./exitRequest.js";
import {exitShare} from "./exitShare.js";
import {participants} from "./participants.js";
import {presence} from "./presence.js";
import {query} from "./query.js";
import {registration} from "./registration.js";

/** Every message that a stream stores, in flow order. Tests check the JSON Schemas and docs/messages.md against this list. */
export const messages = [
  exitBatch,
  exitRequest,
  exitShare,
  exitRefusal,
  depositShare,
  depositRefusal,
  exitCompletion,
  depositCompletion,
  batchRejection,
  exitReceipt,
  deadLetter,
  presence,
  participants,
  enrolment,
  registration,
] as const;

/** A question to the relayers, and the answer: no stream stores them. */
export const directMessages = [query, answer] as const;
