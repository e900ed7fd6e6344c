import {readFile} from "node:fs/promises";
import {dirname, resolve} from "node:path";
import type {ParticipantsFile} from "../../../schemas/participants.js";
import {nkeyOf, parseParticipant} from "../../centre/participantNames.js";
import type {ClusterDefinition} from "../../clusters/cluster.js";
import {definitionHash, ssvDefinitionHash} from "../../clusters/definitionHash.js";
import {loadDefinition} from "../../clusters/loadDefinition.js";
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
import {readParticipantsFile, toSsvCluster} from "../../participants/participants.js";
import {terminal} from "../terminal.js";
import {type CentreOptions, type OpenCentre, openCentre} from "./openCentre.js";

export type InviteOptions = CentreOptions & {all?: boolean; new?: boolean; expires?: number};

/** Whom an invitation is for: a participant's name, and the clusters that a new operator may ask for. */
export type Invited = {readonly participant: string; readonly clusters?: readonly string[]};

const weekMs = 7 * 24 * 60 * 60 * 1000;

/** Runs `dvt invite`: writes an invitation for each that is named, opens its account on the bus, and prints it. */
export async function runInvite(operands: readonly string[], options: InviteOptions, env: NodeJS.ProcessEnv): Promise<void> {
  const centre = await openCentre(options, env);
  const file = await readParticipantsFile(centre.places.participantsFile);
  const invited = await whoIsInvited(operands, options, {centre, file});
  const taken = invited.filter(({participant}) => isListed(file, participant));
  if (taken.length > 0 && options.all !== true) {
    const [{participant}] = taken as [Invited];
    throw new DvtError(
      "USAGE",
      `invite: ${participant} takes part already; \`dvt participants rotate ${participant}\` gives it a new key`,
    );
  }
  await invite(
    centre,
    file,
    invited.filter((it) => !taken.includes(it)),
    options,
  );
}

const isListed = (file: ParticipantsFile, participant: string): boolean => {
  const name = parseParticipant(participant);
  return name !== undefined && nkeyOf(file, name) !== undefined;
};

/** Writes the invitations that are not there yet, applies them, and prints all. */
export async function invite(
  centre: OpenCentre,
  file: ParticipantsFile,
  invited: readonly Invited[],
  {expires = weekMs, new: isNew = false}: Pick<InviteOptions, "expires" | "new">,
): Promise<void> {
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
    const {invitation, record} = await toInvitation(one, {centre, file, now, expires});
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

type Made = {centre: OpenCentre; file: ParticipantsFile; now: number; expires: number};

async function toInvitation(
  {participant, clusters}: Invited,
  {centre, file, now, expires: forMs}: Made,
): Promise<{invitation: Invitation; record: InvitationRecord}> {
  const {id, secret, nkey} = newInvitationKeys();
  const {NATS_CA_FILE, NATS_URL} = centre.config;
  const expires = Math.ceil((now + forMs) / 1000);
  const ca = NATS_CA_FILE === undefined ? undefined : await readFile(NATS_CA_FILE, "utf8");
  const name = parseParticipant(participant);
  if (!name) throw new DvtError("USAGE", `invite: ${participant} is nobody who can be invited`);
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
      ? {...common, kind: "sidecar", cluster: await toInvitedCluster(centre, file, name)}
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
  centre: OpenCentre,
  file: ParticipantsFile,
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
  const found = await definitionOf(centre, file, clusterId);
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

const clusterIn = ({clusters}: ParticipantsFile, clusterId: string): ParticipantsFile["clusters"][number] => {
  const cluster = clusters.find(({id}) => id === clusterId);
  if (cluster) return cluster;
  throw new DvtError(
    "USAGE",
    `there is no cluster ${clusterId} in participants.json; it has ${clusters.map(({id}) => id).join(", ")}`,
  );
};

/** What defines a cluster: its file, read; or its operators in SSV's contract. */
export type FoundDefinition = {
  readonly definition: ClusterDefinition | undefined;
  readonly hash: string;
  readonly shareIndexes: readonly number[];
};

/** Reads what the administrator's participants.json names for this cluster. */
export async function definitionOf({places}: OpenCentre, file: ParticipantsFile, clusterId: string): Promise<FoundDefinition> {
  const {definition} = clusterIn(file, clusterId);
  if (typeof definition !== "string") {
    const cluster = toSsvCluster(definition);
    return {definition: undefined, hash: ssvDefinitionHash(places.network, cluster), shareIndexes: cluster.ssvOperatorIds};
  }
  const loaded = await loadDefinition(resolve(dirname(places.participantsFile), definition), places.network);
  const [first] = loaded.validators.values();
  return {definition: loaded, hash: definitionHash(loaded), shareIndexes: [...(first?.publicKeyShares.keys() ?? [])]};
}

type Context = {centre: OpenCentre; file: ParticipantsFile};

/** `CLUSTER SHARE_INDEX`, `operator ID [CLUSTER…]`, `viewer ID`, or with --all every share index of all clusters, or of those named. */
async function whoIsInvited(operands: readonly string[], {all = false}: InviteOptions, context: Context): Promise<Invited[]> {
  const [first, second, ...rest] = operands;
  if (all) {
    const ids = operands.length > 0 ? operands : context.file.clusters.map(({id}) => id);
    const found = await Promise.all(ids.map(async (id) => ({id, ...(await definitionOf(context.centre, context.file, id))})));
    return found.flatMap(({id, shareIndexes}) => shareIndexes.map((index) => ({participant: `sidecar-${id}-${index}`})));
  }
  const isNamed = first !== undefined && second !== undefined && /^[a-z0-9_-]{1,32}$/.test(second);
  if (isNamed && first === "operator") {
    for (const id of rest) clusterIn(context.file, id);
    return [{participant: `operator-${second}`, clusters: rest}];
  }
  if (isNamed && first === "viewer" && rest.length === 0) return [{participant: `viewer-${second}`}];
  if (isNamed && rest.length === 0 && /^[1-9]\d{0,15}$/.test(second)) return [{participant: `sidecar-${first}-${second}`}];
  throw new DvtError("USAGE", "invite: expected CLUSTER SHARE_INDEX, operator ID [CLUSTER…], viewer ID, or --all");
}
