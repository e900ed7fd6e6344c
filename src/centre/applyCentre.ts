import {execFile} from "node:child_process";
import {readFile} from "node:fs/promises";
import {promisify} from "node:util";
import type {NetworkName} from "../../schemas/fields.js";
import type {ClusterDefinition} from "../clusters/cluster.js";
import {isOpen, readInvitations, removeInvitationTexts} from "../enrolment/invitationsFile.js";
import {DvtError} from "../errors.js";
import {toAccountsConfig} from "../messaging/accounts.js";
import {applyTopology, planTopology} from "../messaging/applyTopology.js";
import type {Bus} from "../messaging/connect.js";
import {consumerSpecs, streamSpecs} from "../messaging/topology.js";
import {loadParticipants, type Participants} from "../participants/participants.js";
import {writeFileAtomic} from "../runtime/files.js";
import {publishParticipants} from "../trust/publishParticipants.js";

/** The centre's files, and how to reach its servers. */
export type CentrePlaces = {
  readonly network: NetworkName;
  readonly participantsFile: string;
  readonly invitationsFile: string;
  /** nats.conf, and the accounts that it includes. */
  readonly natsConfigFile: string;
  readonly natsAccountsFile: string;
  /** The nats-server command, to check a configuration where there is one. */
  readonly natsServer: string;
  /** On a cluster: what copies the accounts file, its argument, to the machines of the other servers. */
  readonly copyCommand?: string | undefined;
  readonly ackWaitMs: number;
  /** 1 or 3; undefined: as the streams are. */
  readonly replicas: number | undefined;
  /** Has the servers read their configuration again. */
  reload(participants: Participants): Promise<unknown>;
  /** Reads a definition, a file, directory or glob; again only if it has changed. */
  readDefinition(path: string): Promise<ClusterDefinition>;
  /** A connection as the administrator. */
  connect(participants: Participants): Promise<Bus>;
};

const run = promisify(execFile);
const longestCopyMs = 60_000;

/**
 * Makes the bus what participants.json and the open invitations say: the accounts, the streams and consumers, the published version. Each
 * step does nothing if it is done, so whatever was interrupted is completed by the next call. NATS_CONFIG_REFUSED, and nothing was
 * changed, if nats-server refuses the accounts; BUS_UNAVAILABLE, also if a server of a cluster cannot be given them: call it again.
 */
export async function applyCentre(places: CentrePlaces): Promise<void> {
  const {network, participantsFile, invitationsFile} = places;
  const participants = await loadParticipants(participantsFile, network);
  const invitations = await readInvitations(invitationsFile);
  const open = invitations.filter((it) => isOpen(it, Date.now()));
  await writeAccounts(places, toAccountsConfig(participants, open));
  await copyAccounts(places);
  await places.reload(participants);
  const bus = await places.connect(participants);
  try {
    const topology = {
      streams: streamSpecs(places.replicas),
      consumers: consumerSpecs(participants, places.ackWaitMs),
      network,
    };
    await applyTopology(bus, await planTopology(bus, topology), {force: false});
    await publishParticipants({bus, path: participantsFile, network, readDefinition: places.readDefinition});
    await removeInvitationTexts(
      invitationsFile,
      invitations.filter((it) => !open.includes(it)),
    );
  } finally {
    await bus.close();
  }
}

/** Every time, because another machine may have missed the last change. */
async function copyAccounts({copyCommand, natsAccountsFile}: CentrePlaces): Promise<void> {
  if (copyCommand === undefined) return;
  try {
    await run(copyCommand, [natsAccountsFile], {timeout: longestCopyMs});
  } catch (cause) {
    const {stderr, message, killed} = cause as Error & {stderr?: string; killed?: boolean};
    const why = killed ? `it took longer than ${longestCopyMs / 1000} s` : (stderr || message).trim();
    throw new DvtError(
      "BUS_UNAVAILABLE",
      `copy the accounts to the other NATS servers: ${copyCommand} (NATS_COPY_COMMAND) failed, and no server was reloaded: ${why}; run the command again`,
      {cause},
    );
  }
}

/** Writes the accounts, unless nats-server refuses them: then the file is as it was. */
async function writeAccounts({natsAccountsFile, natsConfigFile, natsServer}: CentrePlaces, text: string): Promise<void> {
  const before = await readFile(natsAccountsFile, "utf8").catch(() => undefined);
  if (before === text) return;
  await writeFileAtomic(natsAccountsFile, text);
  try {
    await run(natsServer, ["-t", "-c", natsConfigFile]);
  } catch (cause) {
    const {code, stderr, message} = cause as NodeJS.ErrnoException & {stderr?: string};
    // The server is elsewhere, in a container for example: it checks the file itself when it reloads.
    if (code === "ENOENT") return;
    if (before !== undefined) await writeFileAtomic(natsAccountsFile, before);
    throw new DvtError(
      "NATS_CONFIG_REFUSED",
      `check ${natsConfigFile}: nats-server refused it, and the accounts are as they were: ${(stderr || message).trim()}`,
      {cause},
    );
  }
}
