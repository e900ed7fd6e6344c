import {setTimeout as delay} from "node:timers/promises";
import type {NetworkName} from "../../../schemas/fields.js";
import type {PublishedParticipants} from "../../../schemas/participants.js";
import type {CheckedShares} from "../../enrolment/checkShares.js";
import {codeOf} from "../../enrolment/code.js";
import {assertFresh, enrol} from "../../enrolment/enrol.js";
import {type Invitation, participantOf} from "../../enrolment/invitation.js";
import {type Proof, prove} from "../../enrolment/proof.js";
import {DvtError, isWorthWaiting} from "../../errors.js";
import type {Bus} from "../../messaging/connect.js";
import type {Identity} from "../../messaging/identity.js";
import {nkeysIn} from "../../participants/participantNames.js";
import {toParticipants} from "../../participants/participants.js";
import {writeFileAtomic} from "../../runtime/files.js";
import {createLogger} from "../../runtime/logger.js";
import {userPath} from "../../runtime/userPath.js";
import {findDifferences} from "../../trust/findDifferences.js";
import {toText} from "../../trust/followPublished.js";
import {readPublished} from "../../trust/readPublished.js";
import {type Trust, writeTrust} from "../../trust/trustFile.js";
import {openShutdown} from "../openShutdown.js";
import {terminal} from "../terminal.js";
import {fullVersion} from "../version.js";
import {asksItself, findStack, type Stack} from "./findStack.js";
import {
  completeSeed,
  giveTo,
  type JoinFiles,
  joinFilesIn,
  prepareFolder,
  readEnrolling,
  usualFolder,
  writeSettings,
} from "./joinFolder.js";
import type {JoinOptions} from "./joinOptions.js";
import {openShares} from "./openShares.js";
import {readInvitationOperand, readPending} from "./readInvitationOperand.js";
import {toOtherSettings, toSidecarSettings} from "./toSettings.js";
import {ownerOf, startLines, toCompose, toUnit} from "./toStartFiles.js";

/**
 * Runs `dvt join`: compares this machine's files with the invitation, enrols with an nkey that is made here, waits until the administrator
 * has taken it, and writes everything that the role needs. What was interrupted goes on when it is run again. Returns 75 if it was stopped
 * while it waited.
 */
export async function runJoin(operand: string | undefined, options: JoinOptions, env: NodeJS.ProcessEnv): Promise<number> {
  const folderOf = (kind: Invitation["kind"]): string => userPath(options.folder ?? usualFolder(kind), env);
  const pendingFile = joinFilesIn(folderOf("sidecar"), "sidecar").invitation;
  const {invitation, fingerprint} = await readInvitationOperand(operand, {pendingFile, env});
  const files = joinFilesIn(folderOf(invitation.kind), invitation.kind);
  terminal.out(
    `${participantOf(invitation)} on ${invitation.network}, invited by ${invitation.admin}\n` +
      `fingerprint ${fingerprint}: compare it with the administrator's, over another channel than the invitation's\n`,
  );
  const earlier = await readPending(files.invitation);
  const isSame = earlier?.invitation.id === invitation.id;
  const seed = isSame ? await readEnrolling(files) : undefined;
  if (isSame && seed === undefined) {
    terminal.out("it takes part already, and nothing was changed\n");
    return 0;
  }
  if (seed === undefined) assertFresh(invitation);
  const shares = invitation.kind === "sidecar" ? await openShares(invitation, options, env) : undefined;
  if (shares) terminal.out(describeShares(shares));
  const identity = await prepareFolder(files, invitation, seed);
  const proof = await proofOf(invitation, shares, identity);
  const bus = await untilTaken({invitation, files, identity, proof, isRepeated: seed !== undefined});
  if (!bus) return 75;
  try {
    await takeParticipants(bus, invitation, files);
  } finally {
    await bus.close();
  }
  await writeRest({invitation, files, shares, options, env});
  return 0;
}

const describeShares = ({files, definition, keyShares, validators}: CheckedShares): string =>
  `key shares: ${files?.keys ?? "the remote signer"}${keyShares ? `, ${keyShares.publicKeys.size} of ${validators} validators` : ""}\n` +
  (definition === undefined ? "" : `definition: ${definition}, as the administrator's\n`);

async function proofOf(invitation: Invitation, shares: CheckedShares | undefined, {nkey}: Identity): Promise<Proof | undefined> {
  if (invitation.kind !== "sidecar" || !shares?.keyShares) return undefined;
  const {network, id: invitationId, cluster} = invitation;
  const {definition_hash: definitionHash, share_index: shareIndex} = cluster;
  return prove(shares.keyShares, {network, definitionHash, shareIndex, nkey, invitationId});
}

type Waiting = {
  invitation: Invitation;
  files: JoinFiles;
  identity: Identity;
  proof: Proof | undefined;
  isRepeated: boolean;
};

/** The node's own connection, once it is taken; undefined if the user stopped it. */
async function untilTaken({invitation, files, identity, proof, isRepeated}: Waiting): Promise<Bus | undefined> {
  const logger = createLogger({role: "join", level: "warn", format: "plain"});
  const shutdown = openShutdown(logger);
  const accept = proof ? "dvt accept" : `dvt accept ${participantOf(invitation)} --code ${codeOf(invitation.id, identity.nkey)}`;
  const why = proof
    ? "a key share of this node signed for it"
    : "nothing proves who it is: give the administrator this code over another channel";
  try {
    return await enrol({
      invitation,
      identity,
      proof,
      caFile: invitation.bus.ca === undefined ? undefined : files.authority,
      version: fullVersion,
      isRepeated,
      onSent: ({isOwn}) => {
        terminal.out(isOwn ? `enrolled, and ${why}\n` : usedText(identity));
        terminal.out(`waiting for the administrator: ${accept}\n`);
      },
      signal: shutdown.signal,
      logger,
    });
  } catch (error) {
    if (!shutdown.signal.aborted || (error as Error).name !== "AbortError") throw error;
    terminal.out(`stopped while it waited; run \`dvt join --folder ${files.folder}\` to go on\n`);
    return undefined;
  }
}

/** Only the administrator sees who has used the invitation. */
const usedText = ({nkey}: Identity): string =>
  `the invitation is used already: by an earlier try of this command, or by somebody else who has seen it\nthis node's nkey is ${nkey}: have the administrator compare it with what \`dvt accept\` shows. If that is another one, ask for a new invitation\n`;

/** Writes what the administrator has published, and whom this node agrees to: those of the invitation, and nobody else. */
async function takeParticipants(bus: Bus, {network, admin, ...invitation}: Invitation, files: JoinFiles): Promise<void> {
  const published = await readListed(bus, {network, adminNkey: admin});
  const trust: Trust = {
    network,
    admin,
    aggregator: invitation.aggregator,
    clusters:
      invitation.kind === "sidecar"
        ? [
            {
              id: invitation.cluster.id,
              definition_hash: invitation.cluster.definition_hash,
              operators: invitation.cluster.operators,
            },
          ]
        : [],
  };
  const differences = findDifferences(trust, published);
  if (differences.length > 0) {
    throw new DvtError(
      "ENROLMENT_REFUSED",
      `compare who takes part with the invitation: since it was made, something was added that this node has not agreed to:\n  ${differences.join("\n  ")}\nask the administrator for a new invitation`,
    );
  }
  toParticipants(published, {path: files.participants, network});
  await writeTrust(files.trust, trust);
  await writeFileAtomic(files.participants, toText(published));
}

const publishedWithinMs = 120_000;

/** The version that lists this node: the administrator's command publishes it a moment after the account is there. */
async function readListed(bus: Bus, options: {network: NetworkName; adminNkey: string}): Promise<PublishedParticipants> {
  const until = performance.now() + publishedWithinMs;
  for (;;) {
    const published = await readPublished(bus, options).catch(unlessUnavailable);
    if (published && nkeysIn(published).includes(bus.identity.nkey)) return published;
    if (performance.now() > until) {
      throw new DvtError(
        "STREAMS_MISSING",
        "read who takes part: the administrator has not published a version with this node; `dvt accept` there completes what was interrupted, run join again then",
      );
    }
    await delay(500);
  }
}

const unlessUnavailable = (error: unknown): undefined => {
  if (isWorthWaiting(error)) return undefined;
  throw error;
};

type Rest = {
  invitation: Invitation;
  files: JoinFiles;
  shares: CheckedShares | undefined;
  options: JoinOptions;
  env: NodeJS.ProcessEnv;
};

/** Writes the settings and what starts the role, makes the new nkey the one that counts, and says how to go on. */
async function writeRest({invitation, files, shares, options, env}: Rest): Promise<void> {
  const caFile = invitation.bus.ca === undefined ? undefined : files.authority;
  const context = {files, caFile, options: resolved(options, env)};
  const settings =
    invitation.kind === "sidecar" && shares
      ? toSidecarSettings(invitation, shares, context)
      : toOtherSettings(invitation as Extract<Invitation, {name: string}>, context);
  const differing = await writeSettings(files.settings, settings);
  const stack = await findStack(shares?.files?.keys);
  const start =
    invitation.kind === "sidecar" && shares ? await writeStart(files, shares, stack, env) : otherStart[invitation.kind](files);
  await completeSeed(files);
  terminal.out(
    [
      `taken: ${participantOf(invitation)} takes part. Its files are in ${files.folder}`,
      ...(differing.length === 0
        ? []
        : [`${files.settings} was left as it is; another value would be usual for ${differing.join(", ")}`]),
      ...settings.missing.map((sentence) => `worth adding to ${files.settings}: ${sentence}`),
      ...(stack && asksItself(stack, options.consensusEndpoint)
        ? [
            `in a container, CONSENSUS_ENDPOINT's loopback is the container's own: name the beacon node in ${files.settings} as the stack does`,
          ]
        : []),
      `start it${start.length > 1 ? " in one of these ways" : ""}:`,
      ...start.map((line) => `  ${line}`),
      "",
    ].join("\n"),
  );
}

/** Paths as a process finds them that was started elsewhere. */
const resolved = (options: JoinOptions, env: NodeJS.ProcessEnv): JoinOptions => ({
  ...options,
  ...(options.passwordFile !== undefined && {passwordFile: userPath(options.passwordFile, env)}),
  ...(options.passwordDir !== undefined && {passwordDir: userPath(options.passwordDir, env)}),
  ...(options.oracles !== undefined && {oracles: userPath(options.oracles, env)}),
});

async function writeStart(
  files: JoinFiles,
  {files: shares, definition}: CheckedShares,
  stack: Stack | undefined,
  env: NodeJS.ProcessEnv,
): Promise<string[]> {
  const user = await ownerOf(shares?.keys, env);
  const reads = [shares?.keys, shares?.password, definition].filter((it) => it !== undefined);
  const plan = {folder: files.folder, reads, user};
  await writeFileAtomic(files.unit, await toUnit(plan));
  await writeFileAtomic(files.compose, toCompose(plan));
  await giveTo(user, files.folder);
  return startLines(files, stack);
}

const otherStart: Record<Invitation["kind"], (files: JoinFiles) => string[]> = {
  sidecar: () => [],
  operator: ({settings}) => [
    `(set -a; . ${settings}; dvt operator request --deposit-data deposit_data.json --output results.json)`,
  ],
  viewer: ({settings}) => [`(set -a; . ${settings}; dvt console)`, `(set -a; . ${settings}; dvt status)`],
};
