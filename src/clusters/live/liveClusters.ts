import {dispositionOf} from "../../errors.js";
import type {ClusterEntry} from "../../participants/participants.js";
import type {Logger} from "../../runtime/logger.js";
import type {Cluster} from "../cluster.js";
import {type Clusters, toClusters} from "../clusters.js";
import type {DefinitionReader} from "./definitionReader.js";
import {type Placing, placeClusters} from "./placeClusters.js";
import {type FindHeld, type Refusal, readWanted} from "./readWanted.js";

/** Clusters that follow participants.json and its definitions: what a role looks up in them is always whole. */
export type LiveClusters = Clusters & {
  /** Takes what has changed; what is wrong with one cluster's definition concerns that cluster alone. Not to run twice at once. */
  update(entries: readonly ClusterEntry[], findHeld: FindHeld): Promise<void>;
  stop(): Promise<void>;
};

type Options = {read: (entry: ClusterEntry) => DefinitionReader; logger: Logger};

/** The clusters of these entries that are to be believed. The first one's error where none is. */
export async function openClusters(entries: readonly ClusterEntry[], {read, logger}: Options): Promise<LiveClusters> {
  const readers = createReaders(read);
  const tell = createTell(logger);
  let current = toClusters([]);

  const take = async (now: readonly ClusterEntry[], findHeld: FindHeld): Promise<Refusal[]> => {
    await readers.keepOnly(now);
    const refusals: Refusal[] = [];
    const placings: Placing[] = [];
    for (const entry of now) {
      const before = current.byId(entry.id);
      const inForce = before && {...before, operatorIds: entry.operatorIds};
      const {wanted, refusal} = await readWanted(entry, {reader: readers.of(entry), inForce, findHeld});
      if (refusal) refusals.push(refusal);
      placings.push({id: entry.id, inForce, wanted});
    }
    const {clusters, refused} = placeClusters(placings);
    for (const [id, error] of refused) refusals.push({id, seen: placings.find((it) => it.id === id)?.wanted?.validators, error});
    logTaken(current.all, clusters, logger);
    current = toClusters(clusters);
    return refusals;
  };

  await Promise.all(entries.map((entry) => readers.of(entry).ready()));
  const refusals = await take(entries, async () => []);
  const [first] = refusals;
  if (first && current.all.length === 0) {
    tell(refusals.slice(1), current);
    await readers.keepOnly([]);
    throw first.error;
  }
  tell(refusals, current);

  return {
    get all() {
      return current.all;
    },
    byId: (id) => current.byId(id),
    byPublicKey: (key) => current.byPublicKey(key),
    update: async (now, findHeld) => tell(await take(now, findHeld), current),
    stop: () => readers.keepOnly([]),
  };
}

/** One for each entry, as long as it names the same definition. */
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

/** Says of each cluster that is not taken why, once for each change. */
function createTell(logger: Logger): (refusals: readonly Refusal[], clusters: Clusters) => void {
  let told: readonly Refusal[] = [];
  return (refusals, clusters) => {
    const isTold = ({id, seen, error}: Refusal): boolean =>
      told.some((it) => it.id === id && it.seen === seen && it.error.message === error.message);
    for (const refusal of refusals.filter((it) => !isTold(it))) {
      const {id, error} = refusal;
      const becomes = clusters.byId(id) ? "the one before stays in force" : "the cluster is left out";
      const level = dispositionOf(error) === "retry" ? "warn" : "error";
      logger[level]({cluster_id: id, code: error.code, error: error.message}, `cluster definition refused, ${becomes}`);
    }
    told = refusals;
  };
}

function logTaken(before: readonly Cluster[], after: readonly Cluster[], logger: Logger): void {
  for (const {id, type, threshold, validators} of after) {
    const earlier = before.find((it) => it.id === id)?.validators;
    if (earlier === validators) continue;
    const added = [...validators.keys()].filter((key) => !earlier?.has(key)).length;
    const removed = [...(earlier?.keys() ?? [])].filter((key) => !validators.has(key)).length;
    logger.info({cluster_id: id, type, threshold, validators: validators.size, added, removed}, "cluster definition taken");
  }
  for (const {id} of before) {
    if (!after.some((it) => it.id === id)) logger.info({cluster_id: id}, "cluster taken out");
  }
}
