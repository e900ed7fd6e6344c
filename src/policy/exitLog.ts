import {type Static, Type} from "typebox";
import {BlsPubkey, Bytes32, Id, Network as NetworkName, ShareIndex, TimestampMs, ValidatorIndex} from "../../schemas/fields.js";
import type {Network} from "../consensus/networks.js";
import {type ExitId, exitKeyOf} from "../exits/exitId.js";
import {createBatches} from "../runtime/batches.js";
import {parseLine} from "../runtime/lineFile.js";
import type {LockOptions} from "../runtime/lockFile.js";
import {openRecordFile, type RecordFormat} from "../runtime/recordFile.js";

/** An exit that was signed, and when; `rotation`: of an active validator, for another oracle set. */
export type SignedExit = {readonly exit: ExitId; readonly signedAt: number; readonly rotation?: boolean};
/** The withdrawal credentials that deposits of a key are signed with, 32 bytes in hex. */
export type KeyCredentials = {readonly publicKey: string; readonly credentials: string};
type Entry = SignedExit | KeyCredentials;

/** The signed exits, and the withdrawal credentials of signed deposits, in a file of JSON lines that outlives restarts. */
export type ExitLog = {
  /** The exits in the file when it was opened, without those too old to count. */
  readonly entries: readonly SignedExit[];
  /** By public key; they never expire. */
  readonly credentials: ReadonlyMap<string, string>;
  /** Whether this exit is among the last that were signed of its key, however long ago. */
  hasSigned(exit: ExitId): boolean;
  /** Resolves once the entry is on disk; entries that wait share one fsync. STATE_UNWRITABLE: it is not, so nothing may be signed. */
  append(entry: Entry): Promise<void>;
  close(): Promise<void>;
};

/** The owner of a log: a sidecar, or a gateway that signs for several. */
type LogOwner = {readonly clusterId: string; readonly shareIndex: number} | {readonly isGateway: true};

/** The owner of a log, and its limits. */
export type ExitLogOptions = LockOptions &
  LogOwner & {
    readonly network: Network;
    /** Exits older than this are dropped when the file is rewritten, but for the last of each key. */
    readonly keepMs: number;
    /** The file is rewritten at the start, and after so many new lines. */
    readonly compactAfter?: number;
  };

/** The first line names the owner, for another sidecar's exits do not count. */
const Owner = Type.Union([
  Type.Object({network: NetworkName, cluster_id: Id, share_index: ShareIndex}),
  Type.Object({network: NetworkName, gateway: Type.Literal(true)}),
]);
const ExitLine = Type.Object({
  public_key: BlsPubkey,
  validator_index: ValidatorIndex,
  signed_at: TimestampMs,
  rotation: Type.Optional(Type.Literal(true)),
});
const CredentialsLine = Type.Object({public_key: BlsPubkey, withdrawal_credentials: Bytes32});

/** Opens the log. STATE_INVALID if the file is another owner's; otherwise fails as openRecordFile. */
export async function openExitLog(path: string, options: ExitLogOptions, now: number): Promise<ExitLog> {
  const {keepMs, compactAfter = 10_000} = options;
  const {records, file} = await openRecordFile(path, toFormat(options, now), options);
  let current = [...records];
  let added = 0;
  const signed = new Set(records.filter(isExit).map(({exit}) => exitKeyOf(exit)));

  const write = async (batch: readonly Entry[]): Promise<void> => {
    await file.append(batch);
    for (const {exit} of batch.filter(isExit)) signed.add(exitKeyOf(exit));
    current.push(...batch);
    added += batch.length;
    if (added < compactAfter) return;
    const latest = Math.max(now, ...batch.filter(isExit).map(({signedAt}) => signedAt));
    current = relevantOf(current, latest - keepMs);
    added = 0;
    await file.replace(current);
  };
  return {
    entries: records.filter(isExit).filter(({signedAt}) => signedAt > now - keepMs),
    credentials: credentialsIn(records),
    hasSigned: (exit) => signed.has(exitKeyOf(exit)),
    append: createBatches(async (batch) => {
      await write(batch);
      return [];
    }),
    close: file.close,
  };
}

const toFormat = (options: ExitLogOptions, now: number): RecordFormat<Entry> => ({
  variable: "isGateway" in options ? "GATEWAY_STATE_FILE" : "SIDECAR_STATE_FILE",
  purpose: "store what was signed",
  code: "STATE_INVALID",
  header: toOwner(options),
  headerSchema: Owner,
  toLine,
  fromLine: (line) => fromLine(line, options.network, now),
  keep: (entries) => relevantOf(entries, now - options.keepMs),
});

function toOwner(options: ExitLogOptions): Static<typeof Owner> {
  const network = options.network.name;
  if ("isGateway" in options) return {network, gateway: true};
  return {network, cluster_id: options.clusterId, share_index: options.shareIndex};
}

const isExit = (entry: Entry): entry is SignedExit => "exit" in entry;

/** The first credentials of each key count, for life. */
function credentialsIn(entries: readonly Entry[]): ReadonlyMap<string, string> {
  const known = new Map<string, string>();
  for (const entry of entries) if (!isExit(entry) && !known.has(entry.publicKey)) known.set(entry.publicKey, entry.credentials);
  return known;
}

/** A validator's index is one of the last that its exits were signed for before it was registered: those are known for good. */
const lastOfKey = 16;

/** Exits count for limits while they are not from before this time; the last ones of each key, and credentials, stay forever. */
function relevantOf(entries: readonly Entry[], since: number): Entry[] {
  const kept = new Map<string, Set<number>>();
  const isAmongLast = ({publicKey, validatorIndex}: ExitId): boolean => {
    const indexes = kept.get(publicKey) ?? new Set();
    if (indexes.size >= lastOfKey || indexes.has(validatorIndex)) return false;
    kept.set(publicKey, indexes.add(validatorIndex));
    return true;
  };
  const isRelevant = (entry: Entry): boolean => {
    if (!isExit(entry)) return true;
    const isLast = isAmongLast(entry.exit);
    return isLast || entry.signedAt > since;
  };
  return [...entries].reverse().filter(isRelevant).reverse();
}

function toLine(entry: Entry): object {
  if (!isExit(entry)) return {public_key: entry.publicKey, withdrawal_credentials: entry.credentials};
  const {exit, signedAt, rotation} = entry;
  const line = {public_key: exit.publicKey, validator_index: exit.validatorIndex, signed_at: signedAt};
  return rotation ? {...line, rotation} : line;
}

function fromLine(text: string, network: Network, now: number): Entry | undefined {
  const bound = parseLine(CredentialsLine, text);
  if (bound) return {publicKey: bound.public_key, credentials: bound.withdrawal_credentials};
  const line = parseLine(ExitLine, text);
  if (!line) return undefined;
  const exit = {network, publicKey: line.public_key, validatorIndex: line.validator_index};
  // A time in the future, written when the clock was ahead, would count until then.
  return {exit, signedAt: Math.min(line.signed_at, now), ...(line.rotation && {rotation: true})};
}
