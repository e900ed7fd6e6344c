import {editParticipants} from "../../centre/editParticipants.js";
import {
  isOpen,
  readInvitations,
  readOpenInvitations,
  removeInvitationTexts,
  writeInvitations,
} from "../../enrolment/invitationsFile.js";
import {DvtError} from "../../errors.js";
import {nkeyOf, type ParticipantName, parseParticipant, participantsIn, without} from "../../participants/participantNames.js";
import {readParticipantsFile} from "../../participants/participants.js";
import {toColumns} from "../columns.js";
import {terminal} from "../terminal.js";
import {openDefinitions} from "./definitions.js";
import {invite} from "./invite.js";
import {type CentreOptions, openCentre} from "./openCentre.js";
import {restartText} from "./restartText.js";

/** Runs `dvt participants list`: everybody who takes part by invitation, and the open invitations. */
export async function runParticipantsList(options: CentreOptions, env: NodeJS.ProcessEnv): Promise<void> {
  const {places} = await openCentre(options, env);
  const file = await readParticipantsFile(places.participantsFile);
  const open = await readOpenInvitations(places.invitationsFile);
  const rows = [
    ...participantsIn(file).map(({name, nkey}) => [name, nkey]),
    ...open.map(({participant, expires_at}) => [participant, `invited until ${new Date(expires_at).toISOString()}`]),
  ];
  terminal.out(`version ${file.version ?? "none"} of ${places.participantsFile}\n${toColumns(rows)}`);
}

/** Runs `dvt participants remove`: puts somebody out, and withdraws the invitations of this name. */
export async function runParticipantsRemove(name: string, options: CentreOptions, env: NodeJS.ProcessEnv): Promise<void> {
  const centre = await openCentre(options, env);
  const {participantsFile, invitationsFile, network} = centre.places;
  const participant = parsed(name);
  const invitations = await readInvitations(invitationsFile);
  const withdrawn = invitations.filter((it) => it.participant === name && isOpen(it, Date.now()));
  const isListed = nkeyOf(await readParticipantsFile(participantsFile), participant) !== undefined;
  if (!isListed && withdrawn.length === 0) throw unknown(name);
  if (isListed) await editParticipants(participantsFile, network, (file) => without(file, participant));
  if (withdrawn.length > 0) {
    await writeInvitations(
      invitationsFile,
      invitations.filter((it) => !withdrawn.includes(it)),
    );
    await removeInvitationTexts(invitationsFile, withdrawn);
  }
  await centre.apply();
  terminal.out(`removed: ${name}${isListed ? "" : ", who was invited only"}\n`);
}

/** Runs `dvt participants rotate`: invites somebody who takes part to a new nkey. The old one works until the new one is taken. */
export async function runParticipantsRotate(
  name: string,
  options: CentreOptions & {expires?: number},
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const centre = await openCentre(options, env);
  const file = await readParticipantsFile(centre.places.participantsFile);
  const participant = parsed(name);
  if (nkeyOf(file, participant) === undefined) throw unknown(name);
  await invite({centre, file, definitions: openDefinitions(centre)}, [{participant: name}], options);
  terminal.out(restartText(participant));
}

function parsed(name: string): ParticipantName {
  const participant = parseParticipant(name);
  if (participant) return participant;
  throw new DvtError(
    "USAGE",
    `${name}: expected sidecar-CLUSTER-SHARE_INDEX, operator-ID or viewer-ID, as \`dvt participants list\` prints it`,
  );
}

const unknown = (name: string): DvtError =>
  new DvtError("USAGE", `there is no ${name}: neither in participants.json nor among the invitations`);
