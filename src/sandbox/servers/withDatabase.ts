import {DvtError} from "../../errors.js";

/** The same URL with this database as its path. */
export function withDatabase(url: string, database: string): string {
  const [, head, , query = ""] = /^(mongodb(?:\+srv)?:\/\/[^/?]+)(\/[^?]*)?(\?.*)?$/.exec(url) ?? [];
  if (head === undefined) throw new DvtError("CONFIG_INVALID", "read DEMO_MONGODB_URL: it is not a MongoDB connection string");
  return `${head}/${database}${query}`;
}
