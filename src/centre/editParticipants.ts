import type {NetworkName} from "../../schemas/fields.js";
import type {ParticipantsFile} from "../../schemas/participants.js";
import {readParticipantsFile, toParticipants} from "../participants/participants.js";
import {writeFileAtomic} from "../runtime/files.js";

/** Replaces participants.json by another version of it: checked before, and whole at any moment. PARTICIPANTS_INVALID; otherwise as reading it. */
export async function editParticipants(
  path: string,
  network: NetworkName,
  edit: (file: ParticipantsFile) => ParticipantsFile,
): Promise<ParticipantsFile> {
  const before = await readParticipantsFile(path);
  const after = {...edit(before), version: (before.version ?? 0) + 1};
  toParticipants(after, {path, network});
  await writeFileAtomic(path, `${JSON.stringify(after, undefined, 2)}\n`);
  return after;
}
