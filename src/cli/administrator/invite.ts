import {readFile} from "node:fs/promises";
import {patterns} from "../../../schemas/fields.js";
import type {ParticipantsFile} from "../../../schemas/participants.js";
import {
  type Invitation,
  invitationFingerprint,
  newInvitationKeys,
  type PublicInvitation,
  readInvitation,
  toInvitationText,
} from "../../enrolment/invitation.js";
import {
  type InvitationRecord,
  isOpen,
  readInvitations,
  readInvitationText,
  removeInvitationTexts,
  textFileOf,
  writeInvitations,
  writeInvitationText,
} from "../../enrolment/invitationsFile.js";
import {DvtError} from "../../errors.js";
import {nkeyOf, parseParticipant} from "../../participants/participantNames.js";
import {readParticipantsFile} from "../../participants/participants.js";
import {terminal} from "../terminal.js";
import {clusterIn, type Definitions, openDefinitions} from "./definitions.js";
import {type CentreOptions, type OpenCentre, openCentre} from "./openCentre.js";

export type InviteOptions = CentreOptions & {all?: boolean; new?: boolean; expires?: number};

/** Whom an invitation is for: a participant's name, and the clusters that a new operator may ask for. */
export type Invited = {readonly participant: string; readonly clusters?: readonly string[]};

const weekMs = 7 * 24 * 60 * 60 * 1000;

/** Runs `dvt invite`: writes an invitation for each that is named, opens its account on the bus, and prints it. */
export async function runInvite(operands: readonly string[], options: InviteOptions, env: NodeJS.ProcessEnv): Promise<void> {
  const centre = await openCentre(options, env);
  const file = await readParticipantsFile(centre.places.participantsFile);
  const definitions = openDefinitions(centre);
  const invited = await whoIsInvited(operands, options, {definitions, file});
  const taken = invited.filter(({participant}) => isListed(file, participant));
  if (taken.length > 0 && options.all !== true) {
    const [{participant}] = taken as [Invited];
    throw new DvtError(
      "USAGE",
      `invite: ${participant} takes part already; \`dvt participants rotate ${participant}\` gives it a new key`,
    );
  }
  await invite(
    {centre, file, definitions},
    invited.filter((it) => !taken.includes(it)),
    options,
  );
}

const isListed = (file: ParticipantsFile, participant: string): boolean => {
  const name = parseParticipant(participant);
  return name !== undefined && nkeyOf(file, name) !== undefined;
};

/** Who invites, and to what. */
export type Inviting = {readonly centre: OpenCentre; readonly file: ParticipantsFile; readonly definitions: Definitions};

/** Writes the invitations that are not there yet, applies them, and prints all. */
export async function invite(
  inviting: Inviting,
  invited: readonly Invited[],
  {expires = weekMs, new: isNew = false}: Pick<InviteOptions, "expires" | "new">,
): Promise<void> {
  const {centre} = inviting;
  const {invitationsFile} = centre.places;
  const before = await readInvitations(invitationsFile);
  const now = Date.now();
  const lines: string[] = [];
  const records = [...before];
  for (const one of invited) {
    const open = records.filter((it) => it.participant === one.participant && isOpen(it, now));
    const [kept] = isNew ? [] : open;
    const keptText = kept && (await readInvitationText(invitationsFile, kept));
    if (kept && keptText !== undefined) {
      lines.push(describe(one.participant, textFileOf(invitationsFile, kept), readInvitation(keptText).fingerprint, kept));
      continue;
    }
    for (const record of open) records.splice(records.indexOf(record), 1);
    await removeInvitationTexts(invitationsFile, open);
    const {invitation, record} = await toInvitation(one, {...inviting, now, expires});
    const path = await writeInvitationText(invitationsFile, record, toInvitationText(invitation));
    records.push(record);
    lines.push(describe(one.participant, path, invitationFingerprint(invitation), record));
  }
  await writeInvitations(invitationsFile, records);
  await centre.apply();
  for (const line of lines) terminal.out(line);
  terminal.out(
    lines.length === 0
      ? "everybody takes part already\n"
      : "Give each its own file, which is a secret until it is used; there: `dvt join FILE`. Compare the fingerprint over another channel.\n" +
          "Then `dvt accept --auto --wait` takes nodes that prove that they have their key share.\n",
  );
}

const describe = (participant: string, path: string, fingerprint: string, {expires_at}: InvitationRecord): string =>
  `${participant}: ${path}\n  fingerprint ${fingerprint}, until ${new Date(expires_at).toISOString()}\n`;

type Made = Inviting & {now: number; expires: number};

async function toInvitation(
  {participant, clusters}: Invited,
  {now, expires: forMs, ...inviting}: Made,
): Promise<{invitation: Invitation; record: InvitationRecord}> {
  const {centre, file} = inviting;
  const {id, secret, nkey} = newInvitationKeys();
  const {NATS_CA_FILE, NATS_URL} = centre.config;
  const expires = Math.ceil((now + forMs) / 1000);
  const ca = NATS_CA_FILE === undefined ? undefined : await readFile(NATS_CA_FILE, "utf8");
  const name = parseParticipant(participant);
  if (!name) throw new DvtError("USAGE", `invite: ${participant} cannot be invited; name a sidecar, an operator or a viewer`);
  const common = {
    v: 1 as const,
    id,
    network: file.network,
    bus: {url: NATS_URL, ...(ca !== undefined && {ca})},
    admin: file.admin.nkey,
    aggregator: file.aggregator,
    expires,
  };
  const invitation: PublicInvitation =
    name.kind === "sidecar"
      ? {...common, kind: "sidecar", cluster: await toInvitedCluster(inviting, name)}
      : {...common, kind: name.kind, name: name.id};
  const record = {
    id,
    nkey,
    participant,
    ...(clusters && {clusters: [...clusters]}),
    created_at: now,
    expires_at: expires * 1000,
  };
  return {invitation: {...invitation, secret}, record};
}

type InvitedCluster = Extract<PublicInvitation, {kind: "sidecar"}>["cluster"];

async function toInvitedCluster(
  {file, definitions}: Inviting,
  {clusterId, shareIndex}: {clusterId: string; shareIndex: number},
): Promise<InvitedCluster> {
  const cluster = clusterIn(file, clusterId);
  const operators = file.operators.filter(({id}) => cluster.operators.includes(id));
  if (operators.length === 0) {
    throw new DvtError(
      "CONFIG_INVALID",
      `invite to cluster ${clusterId}: no operator may ask for its exits yet, and nodes agree to those that the invitation names; \`dvt invite operator ID ${clusterId}\` first`,
    );
  }
  const found = await definitions(file, clusterId);
  if (!found.shareIndexes.includes(shareIndex)) {
    const all = found.shareIndexes.join(", ");
    throw new DvtError("USAGE", `invite to cluster ${clusterId}: there is no share index ${shareIndex}; it has ${all}`);
  }
  const {definition} = cluster;
  return {
    id: clusterId,
    type: found.definition?.type ?? "SSV",
    definition_hash: found.hash,
    share_index: shareIndex,
    operators,
    ...(typeof definition !== "string" && {on_chain: definition}),
  };
}

/** `CLUSTER SHARE_INDEX`, `operator ID [CLUSTER…]`, `viewer ID`, or with --all every share index of all clusters, or of those named. */
async function whoIsInvited(
  operands: readonly string[],
  {all = false}: InviteOptions,
  context: Omit<Inviting, "centre">,
): Promise<Invited[]> {
  const [first, second, ...rest] = operands;
  if (all) {
    const ids = operands.length > 0 ? operands : context.file.clusters.map(({id}) => id);
    const found = await Promise.all(ids.map(async (id) => ({id, ...(await context.definitions(context.file, id))})));
    return found.flatMap(({id, shareIndexes}) => shareIndexes.map((index) => ({participant: `sidecar-${id}-${index}`})));
  }
  const isNamed = first !== undefined && second !== undefined && new RegExp(patterns.id).test(second);
  if (isNamed && first === "operator") {
    for (const id of rest) clusterIn(context.file, id);
    return [{participant: `operator-${second}`, clusters: rest}];
  }
  if (isNamed && first === "viewer" && rest.length === 0) return [{participant: `viewer-${second}`}];
  if (isNamed && rest.length === 0 && /^[1-9]\d{0,15}$/.test(second)) return [{participant: `sidecar-${first}-${second}`}];
  throw new DvtError("USAGE", "invite: expected CLUSTER SHARE_INDEX, operator ID [CLUSTER…], viewer ID, or --all");
}
