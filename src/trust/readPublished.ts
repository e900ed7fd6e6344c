import {type PublishedParticipants, participants} from "../../schemas/participants.js";
import {participantsSubjectOf} from "../messaging/accounts.js";
import type {Bus} from "../messaging/connect.js";
import {decode} from "../messaging/decode.js";
import {readNext, type StoredMessage} from "../messaging/readNext.js";
import {verifyMessage} from "../messaging/signature.js";

/** The newest version on the bus that the stream stored at or after `seq`, unverified; undefined if there is none. */
export const readNewest = (bus: Bus, network: string, seq = 1): Promise<StoredMessage | undefined> =>
  readNext(bus, participants.stream, {seq, filter: participantsSubjectOf(network)});

/** [TERMINATE] SIGNATURE_INVALID unless this administrator signed it; MESSAGE_MALFORMED, SUBJECT_MISMATCH. */
export async function openPublished({subject, data, headers}: StoredMessage, adminNkey: string): Promise<PublishedParticipants> {
  await verifyMessage([adminNkey], subject, data, headers);
  return decode(participants, subject, data);
}

/** What the administrator published last, verified; undefined if nothing is there. Errors as readNext and openPublished. */
export async function readPublished(
  bus: Bus,
  {network, adminNkey}: {network: string; adminNkey: string},
): Promise<PublishedParticipants | undefined> {
  const message = await readNewest(bus, network);
  return message && openPublished(message, adminNkey);
}
