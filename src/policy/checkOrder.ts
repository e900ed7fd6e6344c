import type {Order, OrderEntry} from "../../schemas/order.js";
import {DvtError, type ErrorCode} from "../errors.js";
import {orderDigestsOf, orderIdOf} from "../exits/order.js";
import type {Participants} from "../participants/participants.js";
import {isOrderSigned} from "./isOrderSigned.js";

/** An order that is shown to a cluster. */
export type ShownOrder = {readonly network: string; readonly clusterId: string; readonly orderId: string; readonly order: Order};

/** No clock of a participant is further off than this from another's. */
const clockLeadMs = 5 * 60_000;

/** Codes of orders that are refused: whoever passes an order on need not have known. */
export const orderCodes = [
  "OPERATOR_UNKNOWN",
  "OPERATOR_NOT_ALLOWED",
  "ORDER_EXPIRED",
  "REQUESTED_AT_AHEAD",
  "ORDER_INVALID",
] as const satisfies ErrorCode[];

/** When orders are too old, and by whose clock. */
export type OrderRules = {readonly lifetimeMs: number; readonly now: number};

/**
 * [TERMINATE] Checks that an operator ordered the entries that are shown, and may ask for exits of the cluster; fails with one of
 * `orderCodes`. Returns the entries.
 */
export async function checkOrder(
  {operators, clusters}: Pick<Participants, "operators" | "clusters">,
  {network, clusterId, orderId, order}: ShownOrder,
  {lifetimeMs, now}: OrderRules,
): Promise<OrderEntry[]> {
  const operator = operators.find(({id}) => id === order.operator_id);
  const fail = (code: (typeof orderCodes)[number], problem: string): never => {
    throw new DvtError(code, `check the order of operator ${order.operator_id}: ${problem}`);
  };
  if (!operator) return fail("OPERATOR_UNKNOWN", "participants.json has no such operator");
  if (!clusters.find(({id}) => id === clusterId)?.operatorIds.includes(operator.id))
    fail("OPERATOR_NOT_ALLOWED", `participants.json does not let it ask for exits of cluster ${clusterId}`);
  const ageMs = now - order.requested_at;
  if (ageMs > lifetimeMs) fail("ORDER_EXPIRED", `it is ${Math.round(ageMs / 3_600_000)} h old, older than EXIT_LIFETIME allows`);
  // One from the future would not age until then.
  if (ageMs < -clockLeadMs)
    fail("REQUESTED_AT_AHEAD", `it is dated ${Math.round(-ageMs / 60_000)} minutes ahead of this machine's clock`);
  const signed = orderDigestsOf(network, order);
  if (orderIdOf(signed) !== orderId || !(await isOrderSigned(operator.nkey, signed, order.signature)))
    fail("ORDER_INVALID", "its operator did not sign this");
  return order.entries.filter((entry) => typeof entry !== "string");
}
