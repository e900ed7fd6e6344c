import type {Static} from "typebox";
import type {NetworkName} from "../../../schemas/fields.js";
import type {PublishedParticipants} from "../../../schemas/participants.js";
import {DvtError} from "../../errors.js";
import {accessOf} from "../../messaging/accounts.js";
import {toIdentity} from "../../messaging/identity.js";
import {loadParticipants, type Participants, toParticipants} from "../../participants/participants.js";
import {parseEnv} from "../../runtime/env.js";
import {writeFileAtomic} from "../../runtime/files.js";
import {createLogger} from "../../runtime/logger.js";
import {readKeyFile} from "../../runtime/secretFile.js";
import {userPath} from "../../runtime/userPath.js";
import {withoutWaiting} from "../../runtime/waitFor.js";
import {findDifferences} from "../../trust/findDifferences.js";
import {toText} from "../../trust/followPublished.js";
import {readPublished} from "../../trust/readPublished.js";
import {loadTrust, toTrust, writeTrust} from "../../trust/trustFile.js";
import {TrustEnv, trustRules} from "../env/trustEnv.js";
import {connectAs} from "../opening/connectAs.js";
import {terminal} from "../terminal.js";
import {trustText} from "./trustText.js";

export type TrustOptions = {show?: boolean; yes?: boolean};

/** Runs `dvt trust`; resolves with its exit status. */
export async function runTrust({show = false, yes = false}: TrustOptions, env: NodeJS.ProcessEnv): Promise<number> {
  const config = parseEnv(TrustEnv, env, trustRules);
  const {NETWORK: network} = config;
  const [trustFile, path] = [config.TRUST_FILE as string, config.PARTICIPANTS_FILE].map((it) => userPath(it, env)) as [
    string,
    string,
  ];
  const trust = await loadTrust(trustFile, network);
  if (show) {
    terminal.out(trustText(trust));
    return 0;
  }
  const participants = await loadParticipants(path, network);
  const published = await readNewestVersion(participants, {adminNkey: trust.admin, config, env});
  const {version: current = 0} = participants;
  if (!published || published.version <= current) return said(`nothing newer than version ${current} is published`);
  toParticipants(published, {path, network});
  const differences = findDifferences(trust, published);
  if (differences.length > 0) {
    terminal.out(`Version ${published.version} of participants.json asks for more trust:\n\n`);
    terminal.out(differences.map((it) => `- ${it}\n`).join(""));
    if (!(yes || (await agrees()))) return said("nothing was changed", 1);
  }
  const clusterIds = trust.clusters.map(({id}) => id);
  await writeTrust(trustFile, toTrust(published, clusterIds));
  await writeFileAtomic(path, toText(published));
  return said(`participants.json is version ${published.version} now; a running role reads it within RELOAD_EVERY`);
}

function said(text: string, status = 0): number {
  terminal.out(`${text}\n`);
  return status;
}

/** USAGE if nobody can be asked. */
async function agrees(): Promise<boolean> {
  if (!terminal.canAsk()) {
    throw new DvtError("USAGE", "trust: there is no terminal to ask on; compare with the administrator, then call it with --yes");
  }
  terminal.out("\nAsk the administrator over another channel than the bus whether this is meant.\n");
  return /^y(es)?$/i.test(await terminal.ask("Do you agree? (y/N) "));
}

type Reading = {readonly adminNkey: string; readonly config: Static<typeof TrustEnv>; readonly env: NodeJS.ProcessEnv};

/** What the administrator published last, as whoever has the seed reads it. */
async function readNewestVersion(
  participants: Participants,
  {adminNkey, config, env}: Reading,
): Promise<PublishedParticipants | undefined> {
  const logger = createLogger({role: "trust", level: config.LOG_LEVEL, format: config.LOG_FORMAT});
  const {participant, nkey} = await whoReads(participants, config, env);
  const bus = await connectAs(participant, nkey, {participants, config, env, logger, waitFor: withoutWaiting});
  const network: NetworkName = config.NETWORK;
  try {
    return await readPublished(bus, {network, adminNkey});
  } finally {
    await bus.close();
  }
}

/** The participant whose seed is in NATS_SEED_FILE. KEY_FILE_INVALID if nobody has its nkey. */
async function whoReads(participants: Participants, config: Reading["config"], env: NodeJS.ProcessEnv) {
  const allowExposed = config.ALLOW_EXPOSED_KEY_FILES === "true";
  const seed = await readKeyFile(userPath(config.NATS_SEED_FILE, env), "the nkey seed", {allowExposed});
  const {nkey} = toIdentity("whoever asks", seed);
  const reader = accessOf(participants).find((it) => it.nkey === nkey);
  if (reader) return reader;
  throw new DvtError("KEY_FILE_INVALID", `trust: NATS_SEED_FILE is the seed of ${nkey}, which participants.json does not list`);
}
