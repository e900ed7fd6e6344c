import {mostVaults} from "../../../schemas/presence.js";
import type {Network} from "../../consensus/networks.js";
import type {BusClock} from "../../messaging/busClock.js";
import type {Bus} from "../../messaging/connect.js";
import type {EntryWatch} from "../../messaging/entryWatch.js";
import {createPresence, type Facts, type OwnPresence, type Self} from "../../presence/createPresence.js";
import type {Logger} from "../../runtime/logger.js";
import type {Shutdown} from "../../runtime/shutdown.js";
import {sidecarKeyOf, sidecarOfKey} from "../sidecarKey.js";
import type {GatewayWatch} from "./gatewayWatch.js";

type Options = {
  readonly self: Self;
  readonly network: Network;
  readonly clock: Pick<BusClock, "now" | "offsetMs">;
  readonly operators: ReadonlyMap<string, Bus>;
  readonly sidecars: ReadonlyMap<string, Bus>;
  readonly oracles: () => Pick<Facts, "oracles">;
  /** Whether callers are asked who they are: only then is it known which sidecar asks. */
  readonly hasTokens: boolean;
  readonly logger: Logger;
};

/** The gateway's presences: it is there as each participant that it speaks for. */
export type Presences = GatewayWatch & {
  /** Learns what concerns all of them. */
  readonly all: EntryWatch;
  start(shutdown: Pick<Shutdown, "onStop">): void;
};

export function createPresences(options: Options): Presences {
  const {self, clock, operators, sidecars, oracles, hasTokens, logger} = options;
  const network = options.network.name;
  const startedAt = clock.now();
  const keysLeft = new Map<string, number>();
  const askedAt = new Map<string, number>();

  const ofOperators = [...operators.values()].map((bus) => {
    const facts = (): Facts => ({...oracles(), ...(keysLeft.size > 0 && {keys_left: fewest(keysLeft)})});
    return createPresence({self, bus, network, clock, facts, logger});
  });
  const ofSidecars = new Map(
    [...sidecars].map(([key, bus]): [string, OwnPresence] => {
      const facts = (): Facts => ({...oracles(), ...(hasTokens && {asked_at: askedAt.get(key) ?? startedAt})});
      return [key, createPresence({self, bus, network, sidecar: sidecarOfKey(key), clock, facts, logger})];
    }),
  );
  const inCluster = (id: string): OwnPresence[] =>
    [...ofSidecars].flatMap(([key, presence]) => (sidecarOfKey(key).clusterId === id ? [presence] : []));

  return {
    asked(caller) {
      if (caller.as === "sidecar") askedAt.set(sidecarKeyOf(caller.clusterId, caller.shareIndex), clock.now());
    },
    answersOf: (clusterId, shareIndex) => ofSidecars.get(sidecarKeyOf(clusterId, shareIndex))?.tally,
    all: toEach([...ofOperators, ...ofSidecars.values()]),
    shownTo: (clusterId) => toEach(inCluster(clusterId)),
    keysLeft: (vault, keys) => void keysLeft.set(vault, keys),
    start(shutdown) {
      for (const presence of [...ofOperators, ...ofSidecars.values()]) presence.start(shutdown);
    },
  };
}

function toEach(presences: readonly OwnPresence[]): EntryWatch {
  const each = (tell: (watch: EntryWatch) => void): void => {
    for (const {entryWatch} of presences) tell(entryWatch);
  };
  return {
    handled: (entry) => each((watch) => watch.handled(entry)),
    refused: (entry, code) => each((watch) => watch.refused(entry, code)),
    retried: (entry, code) => each((watch) => watch.retried(entry, code)),
  };
}

const fewest = (keysLeft: ReadonlyMap<string, number>): {vault: string; keys: number}[] =>
  [...keysLeft]
    .map(([vault, keys]) => ({vault, keys}))
    .sort((a, b) => a.keys - b.keys)
    .slice(0, mostVaults);
