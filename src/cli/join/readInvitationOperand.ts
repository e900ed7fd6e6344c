import {text} from "node:stream/consumers";
import {type ReadInvitation, readInvitation} from "../../enrolment/invitation.js";
import {DvtError} from "../../errors.js";
import {readText, unlessMissing} from "../../runtime/files.js";
import {userPath} from "../../runtime/userPath.js";

/**
 * The invitation that the user names: its text, the file that holds it, or `-` for standard input; without one, what an earlier command
 * left in `pendingFile`. INVITATION_INVALID, FILE_MISSING, FILE_UNREADABLE; USAGE if there is none.
 */
export async function readInvitationOperand(
  operand: string | undefined,
  {pendingFile, env, stdin = process.stdin}: {pendingFile?: string; env: NodeJS.ProcessEnv; stdin?: NodeJS.ReadableStream},
): Promise<ReadInvitation> {
  if (operand === "-") return readInvitation(await text(stdin));
  if (operand?.trimStart().startsWith("dvt1:")) return readInvitation(operand);
  if (operand !== undefined) return readInvitation(await readText(userPath(operand, env), "the invitation"));
  const pending = pendingFile === undefined ? undefined : await readPending(pendingFile);
  if (pending !== undefined) return pending;
  throw new DvtError("USAGE", "join: name the invitation: its text, the file that holds it, or - for standard input");
}

/** The invitation that an interrupted command left behind; undefined if there is none. INVITATION_INVALID, FILE_UNREADABLE. */
export async function readPending(pendingFile: string): Promise<ReadInvitation | undefined> {
  const pending = await readText(pendingFile, "the invitation").catch(unlessMissing);
  return pending === undefined ? undefined : readInvitation(pending);
}
