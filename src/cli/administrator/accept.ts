import {setTimeout as delay} from "node:timers/promises";
import {enrolment} from "../../../schemas/enrolment.js";
import type {ParticipantsFile} from "../../../schemas/participants.js";
import {editParticipants} from "../../centre/editParticipants.js";
import {type InvitationRecord, readInvitations, readOpenInvitations, writeInvitations} from "../../enrolment/invitationsFile.js";
import type {Judged} from "../../enrolment/judge.js";
import {DvtError} from "../../errors.js";
import {enrolmentSubjectOf} from "../../messaging/accounts.js";
import type {Bus} from "../../messaging/connect.js";
import {readNext, type StoredMessage} from "../../messaging/readNext.js";
import {removeStored} from "../../messaging/removeStored.js";
import {nkeyOf, parseParticipant, withNkey} from "../../participants/participantNames.js";
import {loadParticipants, readParticipantsFile} from "../../participants/participants.js";
import {agoText} from "../../runtime/agoText.js";
import {isShortText} from "../../runtime/shortText.js";
import {createShutdown} from "../../runtime/shutdown.js";
import {stopOnSignals} from "../stopOnSignals.js";
import {terminal} from "../terminal.js";
import {createJudging} from "./createJudging.js";
import {openDefinitions} from "./definitions.js";
import {type CentreOptions, type OpenCentre, openCentre} from "./openCentre.js";

export type AcceptOptions = CentreOptions & {code?: string; auto?: boolean; wait?: boolean; pollMs?: number};

/** Somebody who has enrolled, and what the administrator makes of it. */
type Arrival = {readonly message: StoredMessage; readonly record: InvitationRecord | undefined; readonly judged: Judged};

/**
 * Runs `dvt accept`: lists who has enrolled, and takes those who are named with their code, or with --auto all who have a proof. Returns 75
 * if --wait was stopped while invitations were open, and 2 if somebody who was named cannot be taken.
 */
export async function runAccept(name: string | undefined, options: AcceptOptions, env: NodeJS.ProcessEnv): Promise<number> {
  const {auto = false, wait = false, code, pollMs = 1000} = options;
  if (name === undefined && code !== undefined)
    throw new DvtError("USAGE", "accept: --code belongs to one participant; name that one");
  const centre = await openCentre(options, env);
  const judge = createJudging(centre.places.network, openDefinitions(centre));
  // Completes what an interrupted command has left.
  await centre.apply();
  const shutdown = createShutdown({onError: () => {}});
  if (wait) stopOnSignals(shutdown);
  const {participantsFile, invitationsFile, network} = centre.places;
  const bus = await centre.places.connect(await loadParticipants(participantsFile, network));
  shutdown.onStop(() => bus.close());
  try {
    const told = new Set<string>();
    for (let isFirst = true; ; isFirst = false) {
      const {arrivals, isCompleted} = await readArrivals(bus, centre, judge);
      if (isCompleted) await centre.apply();
      const wanted = arrivals.filter(({record}) => name === undefined || [record?.participant, record?.id].includes(name));
      const taken = wanted.filter(({judged}) => isTaken(judged, {isWanted: auto || name !== undefined, code}));
      for (const arrival of wanted.filter(({message}) => !told.has(keyOf(message)))) {
        told.add(keyOf(arrival.message));
        terminal.out(`${describe(arrival)}${taken.includes(arrival) ? "" : howToTake(arrival)}`);
      }
      if (taken.length > 0) await take(centre, taken);
      if (!wait) return finish(wanted, taken, {name, code});
      const open = await readOpenInvitations(invitationsFile);
      if (open.length === 0) {
        terminal.out("no invitation is open any more\n");
        return 0;
      }
      if (isFirst) terminal.out(`waiting for ${open.map(({participant}) => participant).join(", ")}\n`);
      await delay(pollMs, undefined, {signal: shutdown.signal});
    }
  } catch (error) {
    if (shutdown.signal.aborted) return 75;
    throw error;
  } finally {
    await shutdown.stop();
  }
}

const keyOf = ({subject, seq}: StoredMessage): string => `${subject} ${seq}`;

/** A proof is taken with --auto or by name; without one, only the code that its sender has shown counts. */
function isTaken(judged: Judged, {isWanted, code}: {isWanted: boolean; code: string | undefined}): boolean {
  if (judged.verdict === "refused") return false;
  if (code !== undefined) return isShortText(code, judged.code);
  return judged.verdict === "proven" && isWanted;
}

const whoseIs = ({message, record}: Arrival): string => record?.participant ?? message.subject.split(".").at(-1) ?? "";

function howToTake(arrival: Arrival): string {
  const how = {proven: ", or all like it with --auto", code: " --code CODE"} as const;
  const {verdict} = arrival.judged;
  return verdict === "refused" ? "" : `  take it with: dvt accept ${whoseIs(arrival)}${how[verdict]}\n`;
}

function describe(arrival: Arrival): string {
  const {message, judged} = arrival;
  const who = whoseIs(arrival);
  const since = `since ${agoText(Date.now() - message.timestampMs)}`;
  switch (judged.verdict) {
    case "proven":
      return `${who}: ${since}, a key share of its node signed for it: ${judged.enrolment.nkey}\n`;
    case "code":
      return `${who}: ${since}, nothing proves who it is: ${judged.enrolment.nkey}. Ask its people for their code, over another channel\n`;
    case "refused":
      return `${who}: ${since}, refused: ${judged.why}\n`;
  }
}

function finish(
  wanted: readonly Arrival[],
  taken: readonly Arrival[],
  {name, code}: {name: string | undefined; code: string | undefined},
): number {
  if (wanted.length === 0) terminal.out(`${name ?? "nobody"} has ${name === undefined ? "" : "not "}enrolled\n`);
  if (name === undefined || taken.length > 0) return 0;
  if (code !== undefined && wanted.some(({judged}) => judged.verdict !== "refused")) {
    throw new DvtError(
      "ENROLMENT_REFUSED",
      `accept ${name}: the code is another one. If its people read it from their own terminal, somebody else has used the invitation: \`dvt invite … --new\` makes another`,
    );
  }
  return 2;
}

/** participants.json first, then the invitations, then the bus: whatever comes between, the next command completes it. */
async function take(centre: OpenCentre, taken: readonly Arrival[]): Promise<void> {
  const {places} = centre;
  const accepted = taken.flatMap(({record, judged}) => {
    const name = record && parseParticipant(record.participant);
    return record && name && judged.verdict !== "refused" ? [{record, name, nkey: judged.enrolment.nkey}] : [];
  });
  await editParticipants(places.participantsFile, places.network, (file) =>
    accepted.reduce((edited, {name, nkey, record}) => withNkey(edited, name, {nkey, clusters: record.clusters}), file),
  );
  await markUsed(
    places.invitationsFile,
    accepted.map(({record}) => record.id),
  );
  await centre.apply();
  for (const {record, nkey} of accepted) terminal.out(`taken: ${record.participant} ${nkey}\n`);
}

async function markUsed(path: string, ids: readonly string[]): Promise<void> {
  const now = Date.now();
  const invitations = await readInvitations(path);
  await writeInvitations(
    path,
    invitations.map((it) => (ids.includes(it.id) && it.used_at === undefined ? {...it, used_at: now} : it)),
  );
}

/**
 * Everybody who has enrolled and was not taken yet. Whoever was, is removed from the stream. `isCompleted`: an interrupted command had taken
 * somebody without saying so.
 */
async function readArrivals(
  bus: Bus,
  {places}: OpenCentre,
  judge: ReturnType<typeof createJudging>,
): Promise<{arrivals: Arrival[]; isCompleted: boolean}> {
  const file = await readParticipantsFile(places.participantsFile);
  let invitations = await readInvitations(places.invitationsFile);
  const arrivals: Arrival[] = [];
  let isCompleted = false;
  for (const message of await readAll(bus, enrolmentSubjectOf(places.network, "*"))) {
    const record = invitations.find(({id}) => message.subject.endsWith(`.${id}`));
    const judged = await judge(message, {record, file});
    const isListed = record !== undefined && judged.verdict === "refused" && nkeyIn(message) === listedNkey(file, record);
    if (isListed && record.used_at === undefined) {
      await markUsed(places.invitationsFile, [record.id]);
      invitations = await readInvitations(places.invitationsFile);
      isCompleted = true;
    }
    if (isListed || record?.used_at !== undefined) await removeStored(bus, enrolment.stream, [message.seq]);
    else arrivals.push({message, record, judged});
  }
  return {arrivals, isCompleted};
}

const listedNkey = (file: ParticipantsFile, {participant}: InvitationRecord): string | undefined => {
  const name = parseParticipant(participant);
  return name && nkeyOf(file, name);
};

const nkeyIn = ({data}: StoredMessage): unknown => {
  try {
    return (JSON.parse(Buffer.from(data).toString()) as {nkey?: unknown}).nkey;
  } catch {
    return undefined;
  }
};

async function readAll(bus: Bus, filter: string): Promise<StoredMessage[]> {
  const messages: StoredMessage[] = [];
  for (let seq = 1; ; ) {
    const message = await readNext(bus, enrolment.stream, {seq, filter});
    if (!message) return messages;
    messages.push(message);
    seq = message.seq + 1;
  }
}
