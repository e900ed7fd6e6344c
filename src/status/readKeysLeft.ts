import type {Status} from "../../schemas/status.js";
import type {Sightings} from "../presence/createSightings.js";

/** How many keys gateways said last that they could still register, by vault. */
export function readKeysLeft(sightings: Sightings): Status["keys_left"] {
  const latestFirst = [...sightings.all().values()].flat().sort((a, b) => b.lastSeenMs - a.lastSeenMs);
  const vaults = new Map<string, number>();
  for (const {presence} of latestFirst) {
    for (const {vault, keys} of presence.keys_left ?? []) if (!vaults.has(vault)) vaults.set(vault, keys);
  }
  return [...vaults].map(([vault, keys]) => ({vault, keys})).sort((a, b) => a.vault.localeCompare(b.vault));
}
