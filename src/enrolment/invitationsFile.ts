import {mkdir, readFile, rm} from "node:fs/promises";
import {dirname, join} from "node:path";
import {type Static, Type} from "typebox";
import {Id, Nkey, ParticipantName, TimestampMs} from "../../schemas/fields.js";
import {readJson, unlessMissing, writeFileAtomic} from "../runtime/files.js";

const Record = Type.Object(
  {
    id: Type.String({pattern: "^[0-9a-f]{32}$"}),
    /** The nkey that may use it; its seed is in the invitation alone. */
    nkey: Nkey,
    participant: ParticipantName,
    /** Of an operator: the clusters whose exits it may ask for. */
    clusters: Type.Optional(Type.Array(Id)),
    created_at: TimestampMs,
    expires_at: TimestampMs,
    used_at: Type.Optional(TimestampMs),
  },
  {additionalProperties: false},
);

const InvitationsFile = Type.Object({invitations: Type.Array(Record)}, {additionalProperties: false});

/** What the administrator keeps of an invitation: no secret. */
export type InvitationRecord = Static<typeof Record>;

/** The administrator's invitations, oldest first; none if there is no file yet. INVITATION_INVALID if the file is broken. */
export const readInvitations = async (path: string): Promise<InvitationRecord[]> => {
  const file = await readJson(path, "the invitations", InvitationsFile, "INVITATION_INVALID").catch(unlessMissing);
  return file?.invitations ?? [];
};

/** Replaces the file, which only its owner can read. */
export async function writeInvitations(path: string, invitations: readonly InvitationRecord[]): Promise<void> {
  await mkdir(dirname(path), {recursive: true});
  await writeFileAtomic(path, `${JSON.stringify({invitations}, undefined, 2)}\n`, 0o600);
}

/** Whether nobody was taken on it yet, and it has not expired. */
export const isOpen = ({used_at, expires_at}: InvitationRecord, nowMs: number): boolean =>
  used_at === undefined && nowMs < expires_at;

/** The invitations on which somebody may still be taken. */
export const readOpenInvitations = async (path: string): Promise<InvitationRecord[]> =>
  (await readInvitations(path)).filter((it) => isOpen(it, Date.now()));

/** The file with an invitation's text, beside invitations.json, to hand over. */
export const textFileOf = (path: string, {id, participant}: Pick<InvitationRecord, "id" | "participant">): string =>
  join(dirname(path), "invitations", `${participant}-${id.slice(0, 8)}.txt`);

/** Writes the text of an invitation, which only its owner can read. */
export async function writeInvitationText(path: string, record: InvitationRecord, text: string): Promise<string> {
  const file = textFileOf(path, record);
  await mkdir(dirname(file), {recursive: true, mode: 0o700});
  await writeFileAtomic(file, `${text}\n`, 0o600);
  return file;
}

/** The text of an invitation that was made before; undefined if the file is gone. */
export const readInvitationText = (path: string, record: InvitationRecord): Promise<string | undefined> =>
  readFile(textFileOf(path, record), "utf8").catch(() => undefined);

/** Removes the texts of these invitations, whose secrets are of no use any more. */
export const removeInvitationTexts = async (path: string, records: readonly InvitationRecord[]): Promise<void> => {
  await Promise.all(records.map((record) => rm(textFileOf(path, record), {force: true})));
};
