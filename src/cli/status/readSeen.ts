import type {Bus} from "../../messaging/connect.js";
import type {PresenceReader} from "../../presence/followPresence.js";
import {participantAt} from "../../presence/participantAt.js";
import {readRoles} from "../../status/readRoles.js";
import {shareIndexStatus} from "../../status/shareIndexStatus.js";
import type {Seen} from "./presenceText.js";

/** What everybody last said about itself, by this machine's clock. Only the administrator can read it. */
export async function readSeen(bus: Bus, presence: PresenceReader, clusterId?: string): Promise<Seen> {
  await presence.read();
  const at = Date.now();
  const {network, clusters} = bus.participants();
  const isListed = (participant: string): boolean => bus.publishers(`dvt.v2.presence.${network}.${participant}`).length > 0;
  return {
    network,
    at,
    clusters: clusters
      .filter(({id}) => clusterId === undefined || id === clusterId)
      .map(({id, sidecars}) => ({
        cluster_id: id,
        share_indexes: sidecars.map(({shareIndex}) =>
          shareIndexStatus(shareIndex, participantAt(presence.of(`sidecar-${id}-${shareIndex}`), at), {latest: []}),
        ),
      })),
    roles: readRoles(presence, isListed, at),
  };
}
