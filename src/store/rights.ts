/** Who has a login of their own on MongoDB. `dvt dead-letters retry` and the administrator's other commands use the relayer's. */
export type StoreRole = "relayer" | "aggregator" | "gateway";

type Rights = Readonly<Record<string, readonly string[]>>;

const read = ["find"] as const;
const readAll = {requests: read, exits: read, deposits: read, holders: read};

/** By role, what it may do with each collection, in MongoDB's own words. docker/mongo/users.js gives just that. */
export const storeRights: Readonly<Record<StoreRole, Rights>> = {
  relayer: {
    ...readAll,
    requests: ["createIndex", "find", "insert", "update"],
    holders: ["find", "insert", "update"],
  },
  aggregator: {
    ...readAll,
    exits: ["createIndex", "find", "insert", "update"],
    deposits: ["createIndex", "find", "insert", "remove", "update"],
  },
  gateway: {...readAll, reservations: ["find", "insert", "update"]},
};
