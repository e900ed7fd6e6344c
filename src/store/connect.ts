import {type Db, MongoBulkWriteError, MongoClient, MongoError, MongoServerError} from "mongodb";
import {DvtError} from "../errors.js";
import type {Logger} from "../runtime/logger.js";
import {watchHeartbeats} from "./watchHeartbeats.js";
import {watchServers} from "./watchServers.js";

/** A connection to the database. */
export type Store = {
  readonly db: Db;
  /** STORE_UNAVAILABLE when the server does not answer. */
  ping(): Promise<void>;
  /** Whether a server is known that accepts writes. */
  isWritable(): boolean;
  close(): Promise<void>;
};

/**
 * Connects to the database in the URL's path, or STORE_UNAVAILABLE after a few seconds; `heartbeatLimitMs` is how long a
 * heartbeat may hang.
 */
export async function connectStore(
  url: string,
  logger: Logger,
  {heartbeatLimitMs}: {heartbeatLimitMs?: number} = {},
): Promise<Store> {
  let client: MongoClient;
  try {
    client = new MongoClient(url, {
      appName: "dvt-exits",
      serverSelectionTimeoutMS: 5000,
      connectTimeoutMS: 5000,
      socketTimeoutMS: 20_000,
      writeConcern: {w: "majority", journal: true},
      readConcern: {level: "majority"},
      readPreference: "primary",
    });
  } catch {
    // The driver's message may quote the URL, and with it a password.
    throw new DvtError(
      "CONFIG_INVALID",
      "read MONGODB_URL: it is not a MongoDB connection string; expected mongodb://host:port/database",
    );
  }
  const {isWritable} = watchServers(client, logger);
  const heartbeats = watchHeartbeats(client, logger, heartbeatLimitMs);
  const close = (): Promise<void> => {
    heartbeats.stop();
    return client.close();
  };
  try {
    await guard(() => client.connect());
  } catch (error) {
    await close();
    throw error;
  }
  const db = client.db();
  return {db, ping: async () => void (await guard(() => db.command({ping: 1}), longestPingMs)), isWritable, close};
}

/** Longer than any of our operations. mongodb 7.9.0 waits forever if it writes to a socket that closes at that moment. */
const longestMs = 30_000;
const longestPingMs = 10_000;

/** Runs a database operation; a missing, failing or silent server becomes STORE_UNAVAILABLE, which is retried. */
export async function guard<T>(operation: () => Promise<T>, limitMs = longestMs): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const silent = new Promise<never>((_, reject) => {
    // The error is made only if it is needed: an operation is frequent, and a stack trace costs more than its timer.
    const fail = (): void => reject(new DvtError("STORE_UNAVAILABLE", `reach mongodb: no answer within ${limitMs / 1000} s`));
    timer = setTimeout(fail, limitMs).unref();
  });
  try {
    return await Promise.race([operation(), silent]);
  } catch (cause) {
    if ((cause instanceof MongoError && !isConflict(cause)) || isOfSocket(cause)) throw unavailable(cause);
    throw cause;
  } finally {
    clearTimeout(timer);
  }
}

/** Node.js codes for a socket that either side has closed; other socket errors name the system call. */
const ended: readonly unknown[] = ["EPIPE", "ERR_STREAM_DESTROYED"];

/** mongodb 7.9.0 throws the socket's own error if a connection breaks while it waits for the socket to drain. */
const isOfSocket = (error: unknown): error is Error =>
  error instanceof Error && ("syscall" in error || ended.includes((error as NodeJS.ErrnoException).code));

const unavailable = (cause: Error): DvtError =>
  new DvtError("STORE_UNAVAILABLE", `reach mongodb: ${cause.name}: ${cause.message}`, {cause});

const duplicateKey = 11000;

/** Whether the document already exists. */
export const isConflict = (error: unknown): boolean => error instanceof MongoServerError && error.code === duplicateKey;

/** The positions of the unordered writes that failed because the document already existed. */
export async function takenBy(writeMany: () => Promise<unknown>): Promise<number[]> {
  try {
    await writeMany();
    return [];
  } catch (error) {
    if (!(error instanceof MongoBulkWriteError)) throw error;
    const failed = [error.writeErrors].flat();
    const isUnconfirmed = error.result?.getWriteConcernError() !== undefined;
    // Not written at all, or not by a majority, so it may be rolled back.
    if (failed.length === 0 || isUnconfirmed || failed.some(({code}) => code !== duplicateKey)) throw unavailable(error);
    return failed.map(({index}) => index);
  }
}
