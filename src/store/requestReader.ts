import type {MayAsk} from "../clusters/mayAsk.js";
import {DvtError} from "../errors.js";
import type {Logger} from "../runtime/logger.js";
import type {ToRequesters} from "./askedDeposit.js";
import {createReader, type Reader} from "./reader.js";
import {RequestDocument, type StoredRequest, toStoredRequest} from "./requestDocument.js";

export type RequestReaderOptions = {
  readonly logger: Logger;
  /**
   * Stored requesters who may not request the exit are ignored, so that write access to the database makes nobody a requester.
   */
  readonly mayAsk: MayAsk;
};

/** Reads documents of `requests`. */
export type RequestReader = {
  readonly reader: Reader<RequestDocument>;
  toRequestersOf(publicKey: string): ToRequesters;
  read(found: object): StoredRequest | DvtError;
  /** Undefined for a document that is not valid. */
  readFit(found: object): StoredRequest | undefined;
};

export function createRequestReader({logger, mayAsk}: RequestReaderOptions): RequestReader {
  const keyOf = ({network, public_key}: RequestDocument): string => `${network}:${public_key}`;
  const reader = createReader({collection: "requests", schema: RequestDocument, keyOf, logger});
  const toRequestersOf =
    (publicKey: string): ToRequesters =>
    (operators) =>
      new Map(
        Object.entries(operators)
          .filter(([operatorId]) => mayAsk(publicKey, operatorId))
          .map(([operatorId, {requested_at, order_id}]) => [operatorId, {requestedAt: requested_at, orderId: order_id}]),
      );
  const read = (found: object): StoredRequest | DvtError => {
    const document = reader.read(found);
    return document instanceof DvtError ? document : toStoredRequest(document, toRequestersOf(document.public_key));
  };
  return {
    reader,
    toRequestersOf,
    read,
    readFit(found) {
      const request = read(found);
      return request instanceof DvtError ? undefined : request;
    },
  };
}
