import {Binary, type Collection, type Db} from "mongodb";
import {type Static, Type} from "typebox";
import {Ed25519Signature, Id, Network as NetworkField, TimestampMs} from "../../schemas/fields.js";
import {maxOrderSize} from "../../schemas/order.js";
import type {Network} from "../consensus/networks.js";
import {type OrderDigests, orderIdOf} from "../exits/order.js";
import {fromHex, toHex} from "../runtime/hex.js";
import type {Logger} from "../runtime/logger.js";
import {guard, takenBy} from "./connect.js";
import {inPieces} from "./inPieces.js";
import {createReader} from "./reader.js";
import {storedFields} from "./storedFields.js";

const digestLength = 32;
const publicKeyLength = 48;

/** The bytes of each entry, one after the other. */
const ofEntries = (length: number) =>
  Type.Refine(Type.Unsafe<Binary>(Type.Unknown()), (value: unknown) => {
    if (!(value instanceof Binary)) return false;
    const count = value.length() / length;
    return Number.isInteger(count) && count >= 1 && count <= maxOrderSize;
  });

/** What an operator ordered, and its signature of that. Written by the relayer only. */
const OrderDocument = Type.Object(
  {
    /** The order id: SHA-256 of the content that is signed. */
    _id: storedFields.bytes32,
    network: NetworkField,
    operator_id: Id,
    requested_at: TimestampMs,
    /** 32 bytes for each entry. */
    digests: ofEntries(digestLength),
    /** 48 bytes for each entry; not signed, and only says which requests may stand on the order. */
    public_keys: ofEntries(publicKeyLength),
    signature: Ed25519Signature,
  },
  {additionalProperties: false},
);
type OrderDocument = Static<typeof OrderDocument>;

/** An order, and its operator's signature in base64. */
export type SignedOrder = OrderDigests & {readonly signature: string};

/** A signed order with the public keys (in hex) of its entries: a digest does not name its exit. */
export type StoredOrder = SignedOrder & {readonly publicKeys: readonly string[]};

/** The orders that requests stand on. */
export type Orders = ReturnType<typeof createOrders>;

/** Opens the collection of orders. */
export function createOrders(db: Db, network: Network, logger: Logger) {
  const collection: Collection<OrderDocument> = db.collection("orders");
  const reader = createReader({
    collection: "orders",
    schema: OrderDocument,
    keyOf: (document) => orderIdOf(toOrder(document)),
    logger,
  });

  return {
    async createIndexes(): Promise<void> {
      await guard(async () => {
        await collection.createIndex({network: 1, requested_at: 1}, {name: "by_age"});
      });
    },

    /** Stores the orders; one that is stored already stays. */
    add: (orders: readonly StoredOrder[]): Promise<void> =>
      guard(async () => {
        if (orders.length > 0) await takenBy(() => collection.insertMany(orders.map(toDocument), {ordered: false}));
      }),

    /** The orders with these ids, by id; those that are not stored, or cannot be read, are missing. */
    find: (orderIds: readonly string[]): Promise<ReadonlyMap<string, StoredOrder>> =>
      guard(async () => {
        const found = await inPieces([...new Set(orderIds)], (ids) => collection.find({_id: {$in: ids}}).toArray());
        return new Map(
          found.flatMap((it) => {
            const document = reader.readFit(it);
            return document ? [[document._id, toOrder(document)] as const] : [];
          }),
        );
      }),

    /** Deletes the network's orders from before this time: nothing is signed on them any more. */
    dropBefore: (requestedAt: number): Promise<void> =>
      guard(async () => {
        await collection.deleteMany({network: network.name, requested_at: {$lt: requestedAt}});
      }),
  };
}

const toDocument = (order: StoredOrder): OrderDocument => ({
  _id: orderIdOf(order),
  network: order.network as OrderDocument["network"],
  operator_id: order.operatorId,
  requested_at: order.requestedAt,
  digests: join(order.digests),
  public_keys: join(order.publicKeys),
  signature: order.signature,
});

const toOrder = ({network, operator_id, requested_at, digests, public_keys, signature}: OrderDocument): StoredOrder => ({
  network,
  operatorId: operator_id,
  requestedAt: requested_at,
  digests: split(digests, digestLength),
  publicKeys: split(public_keys, publicKeyLength),
  signature,
});

const join = (ofEntries: readonly string[]): Binary => new Binary(Buffer.concat(ofEntries.map(fromHex)));

function split(joined: Binary, length: number): string[] {
  const bytes = joined.value() as Uint8Array;
  return Array.from({length: bytes.length / length}, (_, position) =>
    toHex(bytes.subarray(position * length, (position + 1) * length)),
  );
}
