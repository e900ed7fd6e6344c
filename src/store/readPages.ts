import {guard} from "./connect.js";

type Cursor = {next(): Promise<object | null>; close(): Promise<void>};

/** Reads what the cursor finds in pages; a document that cannot be read takes no place in a page, and is skipped. */
export async function* readPages<T>(
  cursor: Cursor,
  pageSize: number,
  read: (found: object) => T | undefined,
): AsyncGenerator<T[]> {
  try {
    for (let page: T[] = []; ; ) {
      const found = await guard(() => cursor.next());
      const item = found ? read(found) : undefined;
      if (item !== undefined) page.push(item);
      if (page.length === pageSize || (!found && page.length > 0)) {
        yield page;
        page = [];
      }
      if (!found) return;
    }
  } finally {
    await cursor.close();
  }
}
