import {Type} from "typebox";
import {BlsPubkey, Bytes32, Id, Network as NetworkName, ShareIndex, TimestampMs, ValidatorIndex} from "../../schemas/fields.js";
import type {Network} from "../consensus/networks.js";
import {DvtError} from "../errors.js";
import type {ExitId} from "../exits/exitId.js";
import {createBatches} from "../runtime/batches.js";
import {unwritable} from "../runtime/files.js";
import {type Lines, openLineFile, parseLine} from "../runtime/lineFile.js";
import type {LockOptions} from "../runtime/lockFile.js";

export type SignedExit = {readonly exit: ExitId; readonly signedAt: number};
/** The withdrawal credentials that deposits of a key are signed with, 32 bytes in hex. */
export type KeyCredentials = {readonly publicKey: string; readonly credentials: string};
type Entry = SignedExit | KeyCredentials;

/**
 * Which exits were signed and when, and with which withdrawal credentials deposits, in a file of JSON lines: a sidecar that starts
 * again has not forgotten.
 */
export type ExitLog = {
  /** The exits that the file had when it was opened, without what is too old to count. */
  readonly entries: readonly SignedExit[];
  /** By public key, of all time. */
  readonly credentials: ReadonlyMap<string, string>;
  /** Resolves once it is on disk; those that wait share one fsync. STATE_UNWRITABLE: it is not, so sign nothing. */
  append(entry: Entry): Promise<void>;
  close(): Promise<void>;
};

/** Whose log it is: a sidecar's, or that of a gateway, which speaks for several. */
type LogOwner = {readonly clusterId: string; readonly shareIndex: number} | {readonly isGateway: true};

export type ExitLogOptions = LockOptions &
  LogOwner & {
    readonly network: Network;
    /** Exits that are older than this are dropped when the file is written anew. */
    readonly keepMs: number;
    /** It is written anew at the start, and once so many lines were added. */
    readonly compactAfter?: number;
  };

/** The first line: in a file of another sidecar the exits are not ours. */
const Owner = Type.Union([
  Type.Object({network: NetworkName, cluster_id: Id, share_index: ShareIndex}),
  Type.Object({network: NetworkName, gateway: Type.Literal(true)}),
]);
const ExitLine = Type.Object({public_key: BlsPubkey, validator_index: ValidatorIndex, signed_at: TimestampMs});
const CredentialsLine = Type.Object({public_key: BlsPubkey, withdrawal_credentials: Bytes32});

/**
 * FILE_IN_USE: another process works with it. STATE_INVALID: the file is not this process's. FILE_UNWRITABLE,
 * DISK_UNAVAILABLE: it cannot be read or written, or not now.
 */
export async function openExitLog(path: string, options: ExitLogOptions, now: number): Promise<ExitLog> {
  const {keepMs, compactAfter = 10_000} = options;
  const owner = ownerLine(options);
  const action = `keep what was signed in ${variableOf(options)} ${path}`;
  const unopened = (cause: Error): never => {
    throw cause instanceof DvtError ? cause : unwritable(action, cause);
  };
  const unwritten = (cause: Error): never => {
    throw cause instanceof DvtError ? cause : new DvtError("STATE_UNWRITABLE", `${action}: ${cause.message}`, {cause});
  };
  const toLines = (entries: readonly Entry[]): string[] => [owner, ...entries.map(toLine)];

  let entries: Entry[] = [];
  const file = await openLineFile(path, options, (lines) => {
    entries = read(path, owner, lines, options, now).filter(counts(now, keepMs));
    return toLines(entries);
  }).catch(unopened);
  let kept = entries;
  let added = 0;

  const write = async (batch: readonly Entry[]): Promise<void> => {
    await file.append(batch.map(toLine));
    kept.push(...batch);
    added += batch.length;
    if (added < compactAfter) return;
    const latest = Math.max(now, ...batch.filter(isExit).map(({signedAt}) => signedAt));
    kept = kept.filter(counts(latest, keepMs));
    added = 0;
    await file.replace(toLines(kept));
  };
  return {
    entries: entries.filter(isExit),
    credentials: credentialsIn(entries),
    append: createBatches(async (batch) => {
      await write(batch).catch(unwritten);
      return [];
    }),
    close: file.close,
  };
}

const variableOf = (owner: LogOwner): string => ("isGateway" in owner ? "GATEWAY_STATE_FILE" : "SIDECAR_STATE_FILE");

function ownerLine(options: ExitLogOptions): string {
  const network = options.network.name;
  if ("isGateway" in options) return JSON.stringify({network, gateway: true});
  return JSON.stringify({network, cluster_id: options.clusterId, share_index: options.shareIndex});
}

const isExit = (entry: Entry): entry is SignedExit => "exit" in entry;

/** The first of a key: it is for life. */
function credentialsIn(entries: readonly Entry[]): ReadonlyMap<string, string> {
  const known = new Map<string, string>();
  for (const entry of entries) if (!isExit(entry) && !known.has(entry.publicKey)) known.set(entry.publicKey, entry.credentials);
  return known;
}

/** An exit for as long as limits count it, the credentials of a key for ever. */
const counts =
  (now: number, keepMs: number) =>
  (entry: Entry): boolean =>
    !isExit(entry) || entry.signedAt > now - keepMs;

function toLine(entry: Entry): string {
  if (!isExit(entry)) return JSON.stringify({public_key: entry.publicKey, withdrawal_credentials: entry.credentials});
  const {exit, signedAt} = entry;
  return JSON.stringify({public_key: exit.publicKey, validator_index: exit.validatorIndex, signed_at: signedAt});
}

function read(path: string, owner: string, {lines, torn}: Lines, options: ExitLogOptions, now: number): Entry[] {
  const {network, logger} = options;
  // Its signature never left: that waits for the whole line.
  if (torn) logger.warn({path}, "the last line of the state was cut short and is dropped");
  if (lines.length === 0) return [];
  const invalid = (problem: string): DvtError => new DvtError("STATE_INVALID", `read ${variableOf(options)} ${path}: ${problem}`);
  const [first = "", ...rest] = lines;
  if (!parseLine(Owner, first)) throw invalid("it is no state of ours");
  if (first !== owner) throw invalid(`it is that of ${first}, not of ${owner}`);
  return rest.map((text, position) => {
    const bound = parseLine(CredentialsLine, text);
    if (bound) return {publicKey: bound.public_key, credentials: bound.withdrawal_credentials};
    const line = parseLine(ExitLine, text);
    if (!line) throw invalid(`line ${position + 2} is not what we wrote`);
    const exit = {network, publicKey: line.public_key, validatorIndex: line.validator_index};
    // What a clock that ran ahead wrote would count until that time comes.
    return {exit, signedAt: Math.min(line.signed_at, now)};
  });
}
