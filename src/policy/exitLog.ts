import {type Static, Type} from "typebox";
import {BlsPubkey, Bytes32, Id, Network as NetworkName, ShareIndex, TimestampMs, ValidatorIndex} from "../../schemas/fields.js";
import type {Network} from "../consensus/networks.js";
import type {ExitId} from "../exits/exitId.js";
import {createBatches} from "../runtime/batches.js";
import {parseLine} from "../runtime/lineFile.js";
import type {LockOptions} from "../runtime/lockFile.js";
import {openRecordFile, type RecordFormat} from "../runtime/recordFile.js";

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

/** STATE_INVALID: the file is not this process's. Otherwise as openRecordFile. */
export async function openExitLog(path: string, options: ExitLogOptions, now: number): Promise<ExitLog> {
  const {keepMs, compactAfter = 10_000} = options;
  const {records, file} = await openRecordFile(path, toFormat(options, now), options);
  let kept = [...records];
  let added = 0;

  const write = async (batch: readonly Entry[]): Promise<void> => {
    await file.append(batch);
    kept.push(...batch);
    added += batch.length;
    if (added < compactAfter) return;
    const latest = Math.max(now, ...batch.filter(isExit).map(({signedAt}) => signedAt));
    kept = kept.filter(counts(latest, keepMs));
    added = 0;
    await file.replace(kept);
  };
  return {
    entries: records.filter(isExit),
    credentials: credentialsIn(records),
    append: createBatches(async (batch) => {
      await write(batch);
      return [];
    }),
    close: file.close,
  };
}

const toFormat = (options: ExitLogOptions, now: number): RecordFormat<Entry> => ({
  variable: "isGateway" in options ? "GATEWAY_STATE_FILE" : "SIDECAR_STATE_FILE",
  purpose: "keep what was signed",
  code: "STATE_INVALID",
  header: toOwner(options),
  headerSchema: Owner,
  toLine,
  fromLine: (line) => fromLine(line, options.network, now),
  keep: (entries) => entries.filter(counts(now, options.keepMs)),
});

function toOwner(options: ExitLogOptions): Static<typeof Owner> {
  const network = options.network.name;
  if ("isGateway" in options) return {network, gateway: true};
  return {network, cluster_id: options.clusterId, share_index: options.shareIndex};
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

function toLine(entry: Entry): object {
  if (!isExit(entry)) return {public_key: entry.publicKey, withdrawal_credentials: entry.credentials};
  const {exit, signedAt} = entry;
  return {public_key: exit.publicKey, validator_index: exit.validatorIndex, signed_at: signedAt};
}

function fromLine(text: string, network: Network, now: number): Entry | undefined {
  const bound = parseLine(CredentialsLine, text);
  if (bound) return {publicKey: bound.public_key, credentials: bound.withdrawal_credentials};
  const line = parseLine(ExitLine, text);
  if (!line) return undefined;
  const exit = {network, publicKey: line.public_key, validatorIndex: line.validator_index};
  // What a clock that ran ahead wrote would count until that time comes.
  return {exit, signedAt: Math.min(line.signed_at, now)};
}
