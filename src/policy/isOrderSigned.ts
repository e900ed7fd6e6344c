import {type OrderDigests, orderContent} from "../exits/order.js";
import {isSignedByAside} from "../messaging/identity.js";

/** Whether this nkey's signature, in base64, is of the order. */
export const isOrderSigned = (nkey: string, order: OrderDigests, signature: string): Promise<boolean> =>
  isSignedByAside(nkey, "order", orderContent(order), Buffer.from(signature, "base64"));
