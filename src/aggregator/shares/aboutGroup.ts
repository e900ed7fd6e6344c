import {ordersOf} from "../../policy/standingOrder.js";
import type {OpenGroup} from "./shareGroup.js";

/** What log lines about a group say of it. */
export const aboutGroup = ({clusterId, requesters}: Pick<OpenGroup<unknown>, "clusterId" | "requesters">) => ({
  order: ordersOf(requesters)[0]?.orderId,
  cluster_id: clusterId,
});
