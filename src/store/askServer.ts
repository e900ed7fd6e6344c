import {type Db, type Document, MongoServerError} from "mongodb";
import {guard} from "./connect.js";

/** Runs a command that asks the server about itself; undefined if it has no such command, as servers that only resemble MongoDB. STORE_UNAVAILABLE. */
export const askServer = (db: Pick<Db, "command">, command: Document): Promise<Document | undefined> =>
  guard(() =>
    db.command(command).catch((error: unknown) => {
      if (error instanceof MongoServerError && isUnknown(error)) return undefined;
      throw error;
    }),
  );

const commandNotFound = 59;

/** mongo-java-server 1.47.0 does not always give the code. */
const isUnknown = ({code, message}: MongoServerError): boolean =>
  code === commandNotFound || message.startsWith("no such command");
