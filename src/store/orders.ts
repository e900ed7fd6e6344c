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
const Digests = Type.Refine(Type.Unsafe<Binary>(Type.Unknown()), (value: unknown) => {
  if (!(value instanceof Binary)) return false;
  const count = value.length() / digestLength;
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
    digests: Digests,
    signature: Ed25519Signature,
  },
  {additionalProperties: false},
);
type OrderDocument = Static<typeof OrderDocument>;

/** An order, and its operator's signature in base64. */
export type SignedOrder = OrderDigests & {readonly signature: string};

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
    add: (orders: readonly SignedOrder[]): Promise<void> =>
      guard(async () => {
        if (orders.length > 0) await takenBy(() => collection.insertMany(orders.map(toDocument), {ordered: false}));
      }),

    /** The orders with these ids, by id; those that are not stored, or cannot be read, are missing. */
    find: (orderIds: readonly string[]): Promise<ReadonlyMap<string, SignedOrder>> =>
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

const toDocument = (order: SignedOrder): OrderDocument => ({
  _id: orderIdOf(order),
  network: order.network as OrderDocument["network"],
  operator_id: order.operatorId,
  requested_at: order.requestedAt,
  digests: new Binary(Buffer.concat(order.digests.map(fromHex))),
  signature: order.signature,
});

function toOrder({network, operator_id, requested_at, digests, signature}: OrderDocument): SignedOrder {
  const bytes = digests.value() as Uint8Array;
  return {
    network,
    operatorId: operator_id,
    requestedAt: requested_at,
    digests: Array.from({length: bytes.length / digestLength}, (_, position) =>
      toHex(bytes.subarray(position * digestLength, (position + 1) * digestLength)),
    ),
    signature,
  };
}
