import type {NetworkName} from "../../../schemas/fields.js";
import type {ParticipantsFile} from "../../../schemas/participants.js";
import type {InvitationRecord} from "../../enrolment/invitationsFile.js";
import {type Judged, judgeEnrolment} from "../../enrolment/judge.js";
import type {StoredMessage} from "../../messaging/readNext.js";
import {nkeysIn, parseParticipant} from "../../participants/participantNames.js";
import type {Definitions} from "./definitions.js";

/** What an enrolment is judged by: participants.json, and the invitation that it names. */
export type JudgedBy = {readonly record: InvitationRecord | undefined; readonly file: ParticipantsFile};

/**
 * Judges enrolments. A refusal is remembered until participants.json or the invitation changes: whoever waits looks every second, and to
 * refuse a proof costs as much as to believe one. Errors of reading the definitions.
 */
export function createJudging(network: NetworkName, definitions: Definitions) {
  const refused = new Map<string, Judged>();
  return async (message: StoredMessage, {record, file}: JudgedBy): Promise<Judged> => {
    const key = JSON.stringify([message.subject, message.seq, file.version, record]);
    const known = refused.get(key);
    if (known) return known;
    const name = record && parseParticipant(record.participant);
    const isInFile = name?.kind === "sidecar" && file.clusters.some(({id}) => id === name.clusterId);
    const cluster = isInFile ? await definitions(file, name.clusterId) : undefined;
    const judged = await judgeEnrolment(message, {network, record, nkeys: nkeysIn(file), cluster});
    if (judged.verdict === "refused") refused.set(key, judged);
    return judged;
  };
}
