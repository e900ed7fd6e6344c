import {type Enrolment, enrolment} from "../../schemas/enrolment.js";
import type {NetworkName} from "../../schemas/fields.js";
import type {ClusterDefinition} from "../clusters/cluster.js";
import {DvtError} from "../errors.js";
import {decode} from "../messaging/decode.js";
import {isNkey} from "../messaging/identity.js";
import type {StoredMessage} from "../messaging/readNext.js";
import {verifyMessage} from "../messaging/signature.js";
import {parseParticipant} from "../participants/participantNames.js";
import {codeOf} from "./code.js";
import type {InvitationRecord} from "./invitationsFile.js";
import {isProven} from "./proof.js";

/** What the administrator knows when somebody has enrolled. */
export type Known = {
  readonly network: NetworkName;
  /** The invitation with the id in the subject, if there is one. */
  readonly record: InvitationRecord | undefined;
  /** All nkeys that somebody has already. */
  readonly nkeys: readonly string[];
  /** Of a sidecar's cluster, with its hash; no definition if it is in SSV's contract. */
  readonly cluster?: {readonly definition: ClusterDefinition | undefined; readonly hash: string} | undefined;
};

/** Whether an enrolment may be taken: at once, with the code that its sender sees, or not at all. */
export type Judged =
  | {readonly verdict: "proven"; readonly enrolment: Enrolment; readonly code: string}
  | {readonly verdict: "code"; readonly enrolment: Enrolment; readonly code: string}
  | {readonly verdict: "refused"; readonly why: string};

const refused = (why: string): Judged => ({verdict: "refused", why});

/** Judges an enrolment, whoever sent it: it never throws for its content. */
export async function judgeEnrolment({subject, data, headers, timestampMs}: StoredMessage, known: Known): Promise<Judged> {
  const {record, network, nkeys} = known;
  if (!record) return refused("nobody was invited with this id");
  if (record.used_at !== undefined) return refused("somebody was taken on this invitation before");
  if (timestampMs >= record.expires_at) return refused("it came after the invitation had expired");
  let payload: Enrolment;
  try {
    payload = decode(enrolment, subject, data);
    await verifyMessage([payload.nkey], subject, data, headers);
  } catch (error) {
    if (!(error instanceof DvtError)) throw error;
    return refused(error.message);
  }
  if (!isNkey(payload.nkey)) return refused("its nkey is none: its checksum is wrong");
  if (payload.network !== network) return refused(`it is for ${payload.network}`);
  if (payload.participant !== record.participant)
    return refused(`it is for ${payload.participant}, not for ${record.participant}`);
  if (nkeys.includes(payload.nkey)) return refused("its nkey is another participant's");
  const judged = {enrolment: payload, code: codeOf(record.id, payload.nkey)};
  const name = parseParticipant(record.participant);
  if (!payload.proof || name?.kind !== "sidecar" || !known.cluster?.definition) return {verdict: "code", ...judged};
  const {definition, hash: definitionHash} = known.cluster;
  const proven = {network, definitionHash, shareIndex: name.shareIndex, nkey: payload.nkey, invitationId: record.id};
  return isProven(definition, proven, payload.proof)
    ? {verdict: "proven", ...judged}
    : refused(`its proof is not by the key share of share index ${name.shareIndex}, for this nkey and this invitation`);
}
