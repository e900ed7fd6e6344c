import type {Collection, Db} from "mongodb";
import {type Static, Type} from "typebox";
import {Network as NetworkField} from "../../schemas/fields.js";
import type {Network} from "../consensus/networks.js";
import {validatorKeyOf} from "../exits/exitId.js";
import type {Logger} from "../runtime/logger.js";
import {guard, takenBy} from "./connect.js";
import {inPieces} from "./inPieces.js";
import {createReader} from "./reader.js";
import {storedFields} from "./storedFields.js";

/** Which cluster has a validator: the one that had it first. Written by the relayer, and by `dvt clusters move`. */
const HolderDocument = Type.Object(
  {
    /** network:public_key */
    _id: Type.String(),
    network: NetworkField,
    public_key: storedFields.publicKey,
    cluster_id: storedFields.clusterId,
  },
  {additionalProperties: false},
);
type HolderDocument = Static<typeof HolderDocument>;

/** No cluster's id: of a validator of which nobody can tell, so that no cluster has it. */
const unreadable = "(unreadable)";

/** By public key, the id of the cluster that has it; those that nobody has are not in it. */
export type Held = ReadonlyMap<string, string>;

export type Holders = ReturnType<typeof createHolders>;

export function createHolders(db: Db, network: Network, logger: Logger) {
  const collection: Collection<HolderDocument> = db.collection("holders");
  const keyOf = ({network, public_key}: HolderDocument): string => `${network}:${public_key}`;
  const reader = createReader({collection: "holders", schema: HolderDocument, keyOf, logger});

  const toId = (publicKey: string): string => validatorKeyOf({network, publicKey});
  const toDocument = ([publicKey, clusterId]: readonly [string, string]): HolderDocument => ({
    ...{_id: toId(publicKey), network: network.name},
    ...{public_key: publicKey, cluster_id: clusterId},
  });
  const find = async (publicKeys: readonly string[]): Promise<Held> => {
    const found = await inPieces(publicKeys.map(toId), (ids) => collection.find({_id: {$in: ids}}).toArray());
    return new Map(found.map((it) => [it._id.slice(network.name.length + 1), reader.readFit(it)?.cluster_id ?? unreadable]));
  };

  return {
    find: (publicKeys: readonly string[]): Promise<Held> => guard(() => find(publicKeys)),

    /** Gives each that nobody has to the cluster that is named, if any is. Returns what stands then. */
    claim: (wanted: ReadonlyMap<string, string | undefined>): Promise<Held> =>
      guard(async () => {
        const held = await find([...wanted.keys()]);
        const free = [...wanted].flatMap(([key, id]) => (id === undefined || held.has(key) ? [] : [[key, id] as const]));
        if (free.length === 0) return held;
        await takenBy(() => collection.insertMany(free.map(toDocument), {ordered: false}));
        return new Map([...held, ...(await find(free.map(([key]) => key)))]);
      }),

    /** Gives them to this cluster, whoever has them. Returns who had them before. */
    move: (publicKeys: readonly string[], clusterId: string): Promise<Held> =>
      guard(async () => {
        const before = await find(publicKeys);
        const writes = publicKeys.map((key) => {
          const {_id, ...replacement} = toDocument([key, clusterId]);
          return {replaceOne: {filter: {_id}, replacement, upsert: true}};
        });
        if (writes.length > 0) await collection.bulkWrite(writes, {ordered: false});
        return before;
      }),

    /** The public keys of all that this cluster has. */
    findOf: (clusterId: string): Promise<string[]> =>
      guard(async () => {
        const found = await collection.find({network: network.name, cluster_id: clusterId}).toArray();
        return found.flatMap((it) => reader.readFit(it)?.public_key ?? []);
      }),
  };
}
