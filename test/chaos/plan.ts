import type {Fault, Strike} from "./faults/fault.js";
import {fileFaults} from "./faults/fileFaults.js";
import {linkFaults} from "./faults/linkFaults.js";
import {processFaults} from "./faults/processFaults.js";
import {serverFaults} from "./faults/serverFaults.js";
import type {Random} from "./random.js";

export type Planned = Strike & {readonly atMs: number; readonly fault: Fault};

const families: readonly (readonly Fault[])[] = [processFaults, processFaults, linkFaults, linkFaults, serverFaults, fileFaults];
/** After it has healed, what was struck has this long to itself. */
const restMs = 1500;

/** What goes wrong when: up to three things at once, none of which strikes what another one has struck. */
export function planFaults(random: Random, {seconds, cluster}: {seconds: number; cluster: boolean}): Planned[] {
  const planned: Planned[] = [];
  const freeAt = new Map<string, number>();
  const endMs = seconds * 1000;
  for (let atMs = random.between(500, 1500); atMs < endMs; atMs += random.between(200, 2500)) {
    const fault = random.pick(random.pick(families));
    const targets = fault.targets({cluster});
    const lastsMs = random.oneIn(4) ? random.between(4000, 12_000) : random.between(200, 4000);
    const dice = random.between(0, 999);
    if (targets.length === 0) continue;
    const target = random.pick(targets);
    const held = fault.holds?.(target) ?? [target];
    const atOnce = planned.filter((it) => it.atMs + it.lastsMs > atMs).length;
    if (atOnce >= 3 || held.some((name) => (freeAt.get(name) ?? 0) > atMs) || atMs + lastsMs > endMs) continue;
    for (const name of held) freeAt.set(name, atMs + lastsMs + restMs);
    planned.push({atMs, fault, target, lastsMs, dice});
  }
  return planned;
}

export const describe = ({atMs, fault, target, lastsMs}: Planned): string =>
  `${(atMs / 1000).toFixed(1).padStart(6)} s  ${fault.name}: ${target}, for ${(lastsMs / 1000).toFixed(1)} s`;
