import {createHash} from "node:crypto";
import {maxOrderSize, type Order, type OrderEntry} from "../../schemas/order.js";
import {fromHex, toHex} from "../runtime/hex.js";

/** An order as its operator signed it: who asks, when, and the digest of each entry (32 bytes in lower-case hex with 0x). */
export type OrderDigests = {
  readonly network: string;
  readonly operatorId: string;
  readonly requestedAt: number;
  readonly digests: readonly string[];
};

/**
 * The SHA-256 of an entry, in lower-case hex with 0x, over: the public key (48 bytes), the validator index (8 bytes, big-endian), and
 * 0x00, or for a rotation 0x02, or for a deposit 0x01, the vault (20 bytes), the amount (8 bytes, big-endian) and the validator type (1
 * byte). No order has an entry with both; its digest has 0x03, and is no other's.
 */
export function entryDigestOf({public_key, validator_index, deposit, rotation}: OrderEntry): string {
  const bytes = Buffer.alloc(deposit ? 86 : 57);
  bytes.set(fromHex(public_key), 0);
  bytes.writeBigUInt64BE(BigInt(validator_index), 48);
  bytes.writeUInt8((deposit ? 1 : 0) | (rotation ? 2 : 0), 56);
  if (deposit) {
    bytes.set(fromHex(deposit.vault), 57);
    bytes.writeBigUInt64BE(BigInt(deposit.amount), 77);
    bytes.set(fromHex(deposit.validator_type), 85);
  }
  return toHex(createHash("sha256").update(bytes).digest());
}

/** The digests of a message's order: of an entry that is shown, its own. */
export const orderDigestsOf = (
  network: string,
  {operator_id, requested_at, entries}: Omit<Order, "signature">,
): OrderDigests => ({
  network,
  operatorId: operator_id,
  requestedAt: requested_at,
  digests: entries.map((entry) => (typeof entry === "string" ? entry : entryDigestOf(entry))),
});

/** What the operator's nkey signs, for the purpose "order": network, operator id and requested_at, a line each, then the digests. */
export const orderContent = ({network, operatorId, requestedAt, digests}: OrderDigests): Uint8Array =>
  Buffer.concat([Buffer.from(`${network}\n${operatorId}\n${requestedAt}\n`), ...digests.map(fromHex)]);

/** Names an order: the SHA-256 of its content, in lower-case hex with 0x. */
export const orderIdOf = (order: OrderDigests): string => toHex(createHash("sha256").update(orderContent(order)).digest());

/** Cuts a batch's validators into the entries of its orders, in their order. */
export function cutIntoOrders<T>(validators: readonly T[]): (readonly T[])[] {
  const orders: (readonly T[])[] = [];
  for (let start = 0; start < validators.length; start += maxOrderSize)
    orders.push(validators.slice(start, start + maxOrderSize));
  return orders;
}
