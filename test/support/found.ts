import {expect} from "vitest";
import {DvtError} from "../../src/errors.js";

/** Whatever there is, page by page. */
export async function pagesOf<T>(generator: AsyncGenerator<T[]>): Promise<T[][]> {
  const pages: T[][] = [];
  for await (const page of generator) pages.push(page);
  return pages;
}

/** What was found, where it could be read. */
export function readable<T>(found: T | DvtError | undefined): T | undefined {
  if (found instanceof DvtError) throw found;
  return found;
}

/** Whom a head says to have asked, whenever that was, and on whatever order. */
export const askedBy = (...operatorIds: string[]): Map<string, object> =>
  new Map(operatorIds.map((id) => [id, {requestedAt: expect.any(Number), orderId: expect.stringMatching(/^0x[0-9a-f]{64}$/)}]));
