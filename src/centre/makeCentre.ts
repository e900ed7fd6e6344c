import {ParticipantsFile} from "../../schemas/participants.js";
import {readJson} from "../runtime/files.js";
import {addToParticipants} from "./addToParticipants.js";
import {type Centre, files, natsFolderOf, owners} from "./centre.js";
import {makeKeys} from "./makeKeys.js";
import {makeServers} from "./makeServers.js";
import {makeSettings} from "./makeSettings.js";
import {makeStart} from "./makeStart.js";
import type {Making} from "./making.js";
import {openPackaged} from "./packaged.js";

/** Who takes part now, and whether that is new. */
export type MadeCentre = {readonly participants: ParticipantsFile; readonly isChanged: boolean};

/**
 * Makes the files of the centre that are not there yet, and adds to participants.json what it lacks. Each file follows from those before
 * it, so another run completes what was interrupted. CONFIG_INVALID, before anything changes, if keys and participants.json contradict
 * each other.
 */
export async function makeCentre(making: Making, centre: Centre): Promise<MadeCentre> {
  const packaged = openPackaged(making.path(""));
  await makeFolders(making, centre);
  const path = making.path(files.participants);
  const before = making.has(files.participants)
    ? await readJson(path, "the participants file", ParticipantsFile, "PARTICIPANTS_INVALID")
    : undefined;
  const keys = await makeKeys(making, centre, before);
  await makeSettings(making, packaged, centre);
  await makeShared(making, centre);
  const participants = addToParticipants(before, centre, keys);
  const isChanged = before?.version !== participants.version;
  if (isChanged) await making.rewrite(files.participants, {mode: 0o644}, `${JSON.stringify(participants, undefined, 2)}\n`);
  await makeServers(making, packaged, centre);
  await makeStart(making, packaged, centre);
  return {participants, isChanged};
}

async function makeFolders(making: Making, {operatorId, otherServers = []}: Centre): Promise<void> {
  await making.folder("", {mode: 0o755});
  for (const name of ["admin", "mongo", ...(operatorId === undefined ? [] : ["operator"])])
    await making.folder(name, {mode: 0o700});
  for (const name of ["relayer", "aggregator", "gateway", "console", "nats"] as const)
    await making.folder(name, {mode: 0o700, owner: owners[name]});
  for (const place of otherServers.keys()) await making.folder(natsFolderOf(place + 2), {mode: 0o700, owner: owners.nats});
  for (const name of ["shared", "systemd"]) await making.folder(name, {mode: 0o755});
}

async function makeShared(making: Making, {clusters, oracles}: Centre): Promise<void> {
  for (const {definition} of clusters) {
    if ("name" in definition) await making.file(`shared/${definition.name}`, {mode: 0o644}, () => definition.text);
  }
  if (oracles !== undefined) await making.file(files.oracles, {mode: 0o644}, () => oracles);
}
