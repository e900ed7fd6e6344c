import {DvtError} from "../../errors.js";
import {validatorKeyOf} from "../../exits/exitId.js";
import type {Aggregator} from "../aggregator.js";
import type {RequestOf, ValidatorId} from "./currentRequest.js";

export const sweepPageSize = 500;
/** Younger results are still being published by the aggregator that wrote them. */
export const publishGraceMs = 5000;

/** Yields, page by page, those whose shares are of no use: superseded, expired, or asked for by nobody. */
export async function* findUnwanted<Id extends ValidatorId>(
  {requests, clusters}: Aggregator,
  pages: AsyncIterable<readonly Id[]>,
  requestOf: RequestOf<Id>,
): AsyncGenerator<Id[]> {
  for await (const page of pages) {
    const heads = await requests.findAll(page);
    yield page.filter((id) => {
      const head = heads.get(validatorKeyOf(id));
      // Without its definition, or without a readable request, nobody can tell.
      if (head instanceof DvtError || !clusters.byPublicKey(id.publicKey)) return false;
      const request = head && requestOf(id, head);
      return !request || request.isExpired;
    });
  }
}
