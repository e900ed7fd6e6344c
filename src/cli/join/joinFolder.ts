import {chown, lstat, mkdir, readdir, rename, rm} from "node:fs/promises";
import {dirname, join} from "node:path";
import {parseEnv} from "node:util";
import {toEnvLines} from "../../demo/envFile.js";
import {type Invitation, participantOf, toInvitationText} from "../../enrolment/invitation.js";
import {createSeed, type Identity, toIdentity} from "../../messaging/identity.js";
import {readText, unlessMissing, unwritable, writeFileAtomic} from "../../runtime/files.js";
import {readKeyFile, writeKeyFile} from "../../runtime/secretFile.js";

/** The name of the role that each kind of invitation is for. */
const roles = {sidecar: "sidecar", operator: "operator", viewer: "console"} as const;

/** Where join puts the files of each kind, unless the user says otherwise. */
export const usualFolder = (kind: Invitation["kind"]): string => `/etc/dvt/${roles[kind]}`;

/** The files of somebody who joined, all in one folder of its own. */
export type JoinFiles = {
  readonly folder: string;
  /** The invitation, and the seed that enrols: while both are there, the enrolment is not complete. */
  readonly invitation: string;
  readonly enrolling: string;
  readonly seed: string;
  readonly authority: string;
  readonly participants: string;
  readonly trust: string;
  readonly settings: string;
  /** For what the role itself writes. */
  readonly state: string;
  readonly unit: string;
  readonly compose: string;
};

export function joinFilesIn(folder: string, kind: Invitation["kind"]): JoinFiles {
  const at = (name: string): string => join(folder, name);
  return {
    folder,
    invitation: at("invitation.txt"),
    enrolling: at("enrolling.nkey"),
    seed: at(`${kind}.nkey`),
    authority: at("ca.pem"),
    participants: at("participants.json"),
    trust: at("trust.json"),
    settings: at(`${roles[kind]}.env`),
    state: at("state"),
    unit: at("dvt-sidecar.service"),
    compose: at("compose.yaml"),
  };
}

/** The seed of an enrolment that was begun and not completed; undefined if there is none. */
export const readEnrolling = (files: JoinFiles): Promise<string | undefined> =>
  readKeyFile(files.enrolling, "the nkey seed", {allowExposed: false}).catch(unlessMissing);

/** Prepares the folder for an enrolment: the invitation, the bus's authority, and a new seed, or the one that is there. */
export async function prepareFolder(files: JoinFiles, invitation: Invitation, seed: string | undefined): Promise<Identity> {
  const {folder, state, enrolling} = files;
  try {
    // Whoever the role runs as owns the folder, and has to get there.
    await mkdir(dirname(folder), {recursive: true, mode: 0o755});
    await mkdir(state, {recursive: true, mode: 0o700});
  } catch (cause) {
    throw unwritable(`make ${folder}: use sudo, or name another folder with --folder`, cause);
  }
  if (invitation.bus.ca !== undefined) await writeFileAtomic(files.authority, invitation.bus.ca);
  const used = seed ?? (await replaceSeed(enrolling));
  await writeFileAtomic(files.invitation, `${toInvitationText(invitation)}\n`, 0o600);
  return toIdentity(participantOf(invitation), used);
}

async function replaceSeed(path: string): Promise<string> {
  const {seed} = createSeed();
  await rm(path, {force: true});
  await writeKeyFile(path, seed);
  return seed;
}

/** The new nkey replaces the one before, if there was one: from now on it is the one that counts. */
export const completeSeed = ({enrolling, seed}: JoinFiles): Promise<void> => rename(enrolling, seed);

type Settings = {readonly env: Readonly<Record<string, string>>; readonly missing: readonly string[]};

/** Writes the settings, unless there are some: returns the names of variables that these have otherwise. */
export async function writeSettings(path: string, {env, missing}: Settings): Promise<string[]> {
  const present = await readText(path, "the settings").catch(unlessMissing);
  if (present !== undefined) {
    const values = parseEnv(present);
    return Object.keys(env).filter((name) => values[name] !== env[name]);
  }
  const lines = [
    "# Written by `dvt join`. docs/configuration.md has every variable.",
    ...toEnvLines(env),
    ...missing.flatMap((sentence) => ["", `# Worth adding: ${sentence}.`]),
  ];
  await writeFileAtomic(path, `${lines.join("\n")}\n`, 0o600);
  return [];
}

/** Gives the folder to whoever the role runs as, if it is root who joined. */
export async function giveTo({uid, gid}: {uid: number; gid: number}, folder: string): Promise<void> {
  if (process.getuid?.() !== 0 || uid === 0) return;
  for (const path of [folder, ...(await readdir(folder, {recursive: true})).map((name) => join(folder, name))]) {
    if (!(await lstat(path)).isSymbolicLink()) await chown(path, uid, gid);
  }
}
