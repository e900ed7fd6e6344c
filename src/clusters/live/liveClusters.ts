import {DvtError, dispositionOf} from "../../errors.js";
import type {ClusterEntry} from "../../participants/participants.js";
import type {Logger} from "../../runtime/logger.js";
import type {Cluster} from "../cluster.js";
import {type Clusters, toClusters} from "../clusters.js";
import type {DefinitionReader} from "./definitionReader.js";
import type {FindHolders} from "./findHolders.js";
import {createHolding} from "./holding.js";
import {placeClusters} from "./placeClusters.js";
import {type FindHeld, type Refusal, readCluster} from "./readCluster.js";

/** Clusters that follow participants.json and its definitions; every lookup sees a consistent state. */
export type LiveClusters = Clusters & {
  /**
   * From now on each validator belongs to its holder; until then, a validator that several clusters name belongs to none. Call it
   * before the first update. Rejects as `findHolders` does.
   */
  placeBy(findHolders: FindHolders): Promise<void>;
  /** Applies changes; a problem with one definition affects only its cluster. It must not run twice at once. */
  update(entries: readonly ClusterEntry[], findHeld: FindHeld): Promise<void>;
  stop(): Promise<void>;
};

/** The cluster of an entry as it is now, and as its definition was last read. */
type ClusterUpdate = {readonly before: Cluster | undefined; readonly next: Cluster | undefined};

type Options = {read: (entry: ClusterEntry) => DefinitionReader; logger: Logger};

/**
 * Opens the clusters of these entries whose definitions are valid; if none is, throws an error that may heal, or else the first
 * one.
 */
export async function openClusters(entries: readonly ClusterEntry[], {read, logger}: Options): Promise<LiveClusters> {
  const readers = createReaders(read);
  const report = createReport(logger);
  const holding = createHolding();
  let current = toClusters([]);
  let awaited: readonly string[] = [];
  let findHolders: FindHolders | undefined;

  const readAll = async (now: readonly ClusterEntry[], findHeld: FindHeld) => {
    await readers.keepOnly(now);
    const refusals: Refusal[] = [];
    const all: ClusterUpdate[] = [];
    for (const entry of now) {
      const known = current.byId(entry.id);
      const before = known && {...known, operatorIds: entry.operatorIds};
      const {cluster: next, refusal} = await readCluster(entry, {reader: readers.of(entry), current: before, findHeld});
      if (refusal) refusals.push(refusal);
      all.push({before, next});
    }
    return {all, refusals};
  };
  const place = async (all: readonly ClusterUpdate[]): Promise<Refusal[]> => {
    const named = all.flatMap(({before, next}) => next ?? before ?? []);
    const {clusters, contested} = placeClusters(named, await holding.holdersOf(named, current, findHolders), current);
    logChanges(current.all, clusters, logger);
    current = toClusters(clusters);
    if (!findHolders) return [];
    return named.flatMap(({id, validators: seen}): Refusal[] => {
      const error = contested.get(id);
      return error ? [{id, seen, error, isPartial: true}] : [];
    });
  };
  /** If the holders cannot be found, all clusters stay as they are. */
  const placeOrKeep = (all: readonly ClusterUpdate[]): Promise<Refusal[]> =>
    place(all).catch((error: unknown) => {
      if (!(error instanceof DvtError)) throw error;
      current = toClusters(all.flatMap(({before}) => before ?? []));
      const changed = all.flatMap(({before, next}) => (next && next.validators !== before?.validators ? [next] : []));
      return changed.map(({id, validators: seen}) => ({id, seen, error}));
    });

  const settle = (refusals: readonly Refusal[]): void => {
    awaited = refusals.filter(({error}) => dispositionOf(error) === "retry").map(({id}) => id);
    report(refusals, current);
  };

  await Promise.all(entries.map((entry) => readers.of(entry).ready()));
  const {all: atFirst, refusals} = await readAll(entries, async () => []);
  const decisive = refusals.find(({error}) => dispositionOf(error) === "retry") ?? refusals[0];
  await place(atFirst);
  const failure = current.all.length === 0 ? decisive : undefined;
  settle(refusals.filter((it) => it !== failure));
  if (failure) {
    await readers.keepOnly([]);
    throw failure.error;
  }

  return {
    get all() {
      return current.all;
    },
    get awaited() {
      return awaited;
    },
    byId: (id) => current.byId(id),
    byPublicKey: (key) => current.byPublicKey(key),
    async placeBy(find) {
      findHolders = find;
      const {all, refusals} = await readAll(entries, async () => []);
      settle([...refusals, ...(await place(all))]);
    },
    async update(now, findHeld) {
      const {all, refusals} = await readAll(now, findHeld);
      settle([...refusals, ...(await placeOrKeep(all))]);
    },
    stop: () => readers.keepOnly([]),
  };
}

/** One reader for each entry, as long as the entry names the same definition. */
function createReaders(read: Options["read"]) {
  const readers = new Map<string, {from: string; reader: DefinitionReader}>();
  const fromOf = ({definition}: ClusterEntry): string => JSON.stringify(definition);
  return {
    of(entry: ClusterEntry): DefinitionReader {
      const known = readers.get(entry.id) ?? {from: fromOf(entry), reader: read(entry)};
      readers.set(entry.id, known);
      return known.reader;
    },
    async keepOnly(entries: readonly ClusterEntry[]): Promise<void> {
      const kept = new Map(entries.map((entry) => [entry.id, fromOf(entry)]));
      const others = [...readers].filter(([id, {from}]) => kept.get(id) !== from);
      for (const [id] of others) readers.delete(id);
      await Promise.allSettled(others.map(([, {reader}]) => reader.stop()));
    },
  };
}

/** Logs each refusal, once for each change. */
function createReport(logger: Logger): (refusals: readonly Refusal[], clusters: Clusters) => void {
  let logged: readonly Refusal[] = [];
  return (refusals, clusters) => {
    const isLogged = ({id, seen, error}: Refusal): boolean =>
      logged.some((it) => it.id === id && it.seen === seen && it.error.message === error.message);
    for (const refusal of refusals.filter((it) => !isLogged(it))) {
      const {id, error, isPartial} = refusal;
      const effect = clusters.byId(id) ? "the previous one stays in effect" : "the cluster is left out";
      const level = error.code === "EXECUTION_UNAVAILABLE" || error.code === "STORE_UNAVAILABLE" ? "warn" : "error";
      const message = isPartial ? "validators left out of the cluster" : `cluster definition refused, ${effect}`;
      logger[level]({cluster_id: id, code: error.code, error: error.message}, message);
    }
    logged = refusals;
  };
}

function logChanges(before: readonly Cluster[], after: readonly Cluster[], logger: Logger): void {
  for (const {id, type, threshold, validators} of after) {
    const earlier = before.find((it) => it.id === id)?.validators;
    if (earlier === validators) continue;
    const added = [...validators.keys()].filter((key) => !earlier?.has(key)).length;
    const removed = [...(earlier?.keys() ?? [])].filter((key) => !validators.has(key)).length;
    logger.info({cluster_id: id, type, threshold, validators: validators.size, added, removed}, "cluster definition in effect");
  }
  for (const {id} of before) {
    if (!after.some((it) => it.id === id)) logger.info({cluster_id: id}, "cluster removed");
  }
}
