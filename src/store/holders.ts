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

/** The cluster that a validator belongs to: the first that had it. Written by the relayer and by `dvt clusters move`. */
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

/** Not the id of any cluster: marks a validator whose document cannot be read, so that no cluster has it. */
const unreadable = "(unreadable)";

/** The id of the cluster that has each validator, by public key; validators without one are missing. */
export type HolderMap = ReadonlyMap<string, string>;

/** The holders of validators. */
export type Holders = ReturnType<typeof createHolders>;

/** Opens the collection of holders. */
export function createHolders(db: Db, network: Network, logger: Logger) {
  const collection: Collection<HolderDocument> = db.collection("holders");
  const keyOf = ({network, public_key}: HolderDocument): string => `${network}:${public_key}`;
  const reader = createReader({collection: "holders", schema: HolderDocument, keyOf, logger});

  const toId = (publicKey: string): string => validatorKeyOf({network, publicKey});
  const toDocument = ([publicKey, clusterId]: readonly [string, string]): HolderDocument => ({
    _id: toId(publicKey),
    network: network.name,
    public_key: publicKey,
    cluster_id: clusterId,
  });
  const find = async (publicKeys: readonly string[]): Promise<HolderMap> => {
    const holderOf = (it: HolderDocument): [string, string] => [
      it._id.slice(network.name.length + 1),
      reader.readFit(it)?.cluster_id ?? unreadable,
    ];
    // Documents of a piece are let go before the next: a role's first search is for all of its validators.
    return new Map(
      await inPieces(publicKeys.map(toId), async (ids) => (await collection.find({_id: {$in: ids}}).toArray()).map(holderOf)),
    );
  };

  return {
    /** The holders of these validators. */
    find: (publicKeys: readonly string[]): Promise<HolderMap> => guard(() => find(publicKeys)),

    /** Gives each free validator to the named cluster, if one is named; returns the holders afterwards. */
    claim: (wanted: ReadonlyMap<string, string | undefined>): Promise<HolderMap> =>
      guard(async () => {
        const held = await find([...wanted.keys()]);
        const free = [...wanted].flatMap(([key, id]) => (id === undefined || held.has(key) ? [] : [[key, id] as const]));
        if (free.length === 0) return held;
        await takenBy(() => collection.insertMany(free.map(toDocument), {ordered: false}));
        return new Map([...held, ...(await find(free.map(([key]) => key)))]);
      }),

    /** Gives the validators to this cluster, whoever has them; returns the holders before. */
    move: (publicKeys: readonly string[], clusterId: string): Promise<HolderMap> =>
      guard(async () => {
        const before = await find(publicKeys);
        const writes = publicKeys.map((key) => {
          const {_id, ...replacement} = toDocument([key, clusterId]);
          return {replaceOne: {filter: {_id}, replacement, upsert: true}};
        });
        if (writes.length > 0) await collection.bulkWrite(writes, {ordered: false});
        return before;
      }),

    /** The public keys of all validators of this cluster. */
    findOf: (clusterId: string): Promise<string[]> =>
      guard(async () => {
        const found = await collection.find({network: network.name, cluster_id: clusterId}).toArray();
        return found.flatMap((it) => reader.readFit(it)?.public_key ?? []);
      }),
  };
}
