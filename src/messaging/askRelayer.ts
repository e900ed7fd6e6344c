import {createHash, randomBytes} from "node:crypto";
import {NatsError} from "nats";
import {answer, answerSubject, type Reply} from "../../schemas/answer.js";
import {type Question, query} from "../../schemas/query.js";
import {DvtError} from "../errors.js";
import {toHex} from "../runtime/hex.js";
import type {Bus} from "./connect.js";
import {decode} from "./decode.js";
import {encode} from "./encode.js";
import {signMessage, verifyMessage} from "./signature.js";

const longestWaitMs = 10_000;

/** The query that an answer belongs to: SHA-256 of its payload, in hex. */
export const queryIdOf = (data: Uint8Array): string => toHex(createHash("sha256").update(data).digest());

/**
 * Asks the relayers as this participant, and returns the reply of one of them. BUS_UNAVAILABLE if none answers; SIGNATURE_INVALID,
 * MESSAGE_MALFORMED and SUBJECT_MISMATCH if somebody else does, or the answer is to another query.
 */
export async function askRelayer(bus: Bus, question: Question, {waitMs = longestWaitMs} = {}): Promise<Reply> {
  const {network, relayer} = bus.participants();
  const {participant} = bus.identity;
  const {subject, data} = encode(query, {network, participant, nonce: randomBytes(16).toString("hex"), question});
  const headers = signMessage(bus.identity, subject, data);
  const received = await bus.connection.request(subject, data, {timeout: waitMs, headers}).catch((cause: unknown): never => {
    throw cause instanceof NatsError ? new DvtError("BUS_UNAVAILABLE", whyNone(cause, waitMs), {cause}) : cause;
  });
  const heard = answerSubject({network, participant});
  await verifyMessage([relayer.nkey], heard, received.data, received.headers);
  const payload = decode(answer, heard, received.data);
  if (payload.query !== queryIdOf(data)) throw new DvtError("SUBJECT_MISMATCH", "ask the relayer: it answered another query");
  return payload.reply;
}

function whyNone({code, message}: NatsError, waitMs: number): string {
  if (code === "503") return "ask the relayer: no relayer answers; is one running, and of this version?";
  if (code === "TIMEOUT") return `ask the relayer: no relayer answers within ${waitMs / 1000} s`;
  if (code === "PERMISSIONS_VIOLATION")
    return "ask the relayer: the server does not allow it; `dvt nats reload` gives it the accounts of this version";
  return `ask the relayer: ${message || code}`;
}
