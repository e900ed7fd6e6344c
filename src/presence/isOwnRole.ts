import type {Presence} from "../../schemas/presence.js";

/** Whether a presence says of itself what its participant can be: nobody appears as another's role or share index. */
export function isOwnRole({participant, role, cluster_id, share_index}: Presence): boolean {
  if (role === "relayer" || role === "aggregator") return participant === role && share_index === undefined;
  if (share_index !== undefined) return participant === `sidecar-${cluster_id}-${share_index}`;
  return role === "gateway" && participant.startsWith("operator-");
}
