import type {RoleStatus} from "../../schemas/status.js";
import type {Sighting, Sightings} from "../presence/createSightings.js";
import {participantAt} from "../presence/participantAt.js";

/**
 * The processes of every role that are here; of a participant that has none, the last one. A gateway has one row, however many
 * participants it speaks for.
 */
export function readRoles(sightings: Sightings, isListed: (participant: string) => boolean, nowMs: number): RoleStatus[] {
  const rows = new Map<string, RoleStatus>();
  for (const [participant, its] of sightings.all()) {
    if (!isListed(participant)) continue;
    const all = its.map((sighting) => toRow(sighting, nowMs));
    for (const row of all.filter(({state}, position) => position === 0 || state === "here")) {
      const key = row.role === "gateway" ? `gateway ${row.instance}` : `${participant} ${row.instance}`;
      if (!rows.has(key)) rows.set(key, row);
    }
  }
  return [...rows.values()].sort((a, b) => a.role.localeCompare(b.role) || a.participant.localeCompare(b.participant));
}

function toRow(sighting: Sighting, nowMs: number): RoleStatus {
  // A gateway is here as long as it says so, whoever asks it.
  const {asked_at: _, ...itself} = sighting.presence;
  const {participant, role, instance, version, started_at, waits, oracles, clock_offset_ms, loop_delay_ms} = itself;
  return {
    participant,
    role,
    instance,
    state: participantAt([{...sighting, presence: itself}], nowMs)?.state ?? "away",
    version,
    started_at,
    last_seen: sighting.lastSeenMs,
    waits,
    ...(oracles && {oracles_config_hash: oracles.config_hash, oracles_since: oracles.since}),
    ...(clock_offset_ms !== undefined && {clock_offset_ms}),
    loop_delay_ms,
  };
}
