/** The roles with their own login on MongoDB; the administrator's commands use the relayer's. */
export type StoreRole = "relayer" | "aggregator" | "gateway";

type Rights = Readonly<Record<string, readonly string[]>>;

const read = ["find"] as const;
const readAll = {requests: read, exits: read, deposits: read, holders: read};

/** The MongoDB actions that each role may use, by collection; docker/mongo/users.js grants exactly these. */
export const storeRights: Readonly<Record<StoreRole, Rights>> = {
  relayer: {
    ...readAll,
    requests: ["createIndex", "find", "insert", "update"],
    orders: ["createIndex", "find", "insert", "remove"],
    holders: ["find", "insert", "update"],
  },
  aggregator: {
    ...readAll,
    exits: ["createIndex", "find", "insert", "update"],
    deposits: ["createIndex", "find", "insert", "remove", "update"],
  },
  gateway: {...readAll, orders: read, reservations: ["find", "insert", "update"]},
};
