import type {Collection, Document, Filter, Sort} from "mongodb";
import {guard} from "./connect.js";

/** The place of a document in a list that is ordered by time: those of one time are ordered by their _id. */
export type Cursor = {readonly at: number; readonly id: string};

/** Some of a list, and the cursor of the next ones, if there may be any. */
export type Page<T> = {readonly items: readonly T[]; readonly next: Cursor | undefined};

/** Which part of a list is read: at most `limit`, after this place. */
export type PageRequest = {readonly limit: number; readonly after?: Cursor | undefined};

type Listed<T> = {
  readonly where: Filter<Document & {_id: string}>;
  /** The field with the time, which the index has before the _id. */
  readonly by: string;
  readonly newestFirst: boolean;
  /** Only from this time on. */
  readonly since?: number;
  readonly projection?: Document;
  /** Undefined for a document that cannot be read: it is skipped. */
  readonly read: (found: Document) => T | undefined;
};

/** Reads a page of a list. */
export function readPage<D extends {_id: string}, T>(
  collection: Collection<D>,
  {where, by, newestFirst, since = 0, projection, read}: Listed<T>,
  {limit, after}: PageRequest,
): Promise<Page<T>> {
  const [later, laterOrSame, direction] = newestFirst ? (["$lt", "$lte", -1] as const) : (["$gt", "$gte", 1] as const);
  // The range of the time alone bounds the search in the index, and a partial index is used only if the query has its field.
  const range = {[by]: {$gte: since, ...(after && {[laterOrSame]: after.at})}};
  // The rest is checked there.
  const rest = after && {$or: [{[by]: {[later]: after.at}}, {_id: {[later]: after.id}}]};
  const filter = {...where, ...range, ...rest} as unknown as Filter<D>;
  const sort: Sort = {[by]: direction, _id: direction};
  return guard(async () => {
    const found = await collection
      .find(filter, {...(projection && {projection})})
      .sort(sort)
      .limit(limit)
      .toArray();
    const last = found.at(-1) as (Document & {_id: string}) | undefined;
    return {
      items: found.flatMap((it) => read(it) ?? []),
      next: last && found.length === limit ? {at: last[by], id: last._id} : undefined,
    };
  });
}
