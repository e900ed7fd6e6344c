import {DvtError, dispositionOf} from "../../errors.js";
import type {ClusterEntry} from "../../participants/participants.js";
import type {Logger} from "../../runtime/logger.js";
import type {Cluster} from "../cluster.js";
import {type Clusters, toClusters} from "../clusters.js";
import type {DefinitionReader} from "./definitionReader.js";
import type {FindHolders} from "./findHolders.js";
import {createHolding} from "./holding.js";
import {placeClusters} from "./placeClusters.js";
import {type FindHeld, type Refusal, readWanted} from "./readWanted.js";

/** Clusters that follow participants.json and its definitions: what a role looks up in them is always whole. */
export type LiveClusters = Clusters & {
  /**
   * From now on each validator is the cluster's that had it first. Until then nobody has one that several clusters name. Before
   * the first update. Rejects as `findHolders` does.
   */
  placeBy(findHolders: FindHolders): Promise<void>;
  /** Takes what has changed; what is wrong with one cluster's definition concerns that cluster alone. Not to run twice at once. */
  update(entries: readonly ClusterEntry[], findHeld: FindHeld): Promise<void>;
  stop(): Promise<void>;
};

/** A cluster as it is, if it takes part already, and as it is to be; the former alone where nothing else is believed. */
type Taking = {readonly inForce: Cluster | undefined; readonly wanted: Cluster | undefined};

type Options = {read: (entry: ClusterEntry) => DefinitionReader; logger: Logger};

/** The clusters of these entries that are to be believed. Where none is, an error that may heal, or else the first one's. */
export async function openClusters(entries: readonly ClusterEntry[], {read, logger}: Options): Promise<LiveClusters> {
  const readers = createReaders(read);
  const tell = createTell(logger);
  const holding = createHolding();
  let current = toClusters([]);
  let awaited: readonly string[] = [];
  let findHolders: FindHolders | undefined;

  const readAll = async (now: readonly ClusterEntry[], findHeld: FindHeld) => {
    await readers.keepOnly(now);
    const refusals: Refusal[] = [];
    const all: Taking[] = [];
    for (const entry of now) {
      const before = current.byId(entry.id);
      const inForce = before && {...before, operatorIds: entry.operatorIds};
      const {wanted, refusal} = await readWanted(entry, {reader: readers.of(entry), inForce, findHeld});
      if (refusal) refusals.push(refusal);
      all.push({inForce, wanted});
    }
    return {all, refusals};
  };
  const place = async (all: readonly Taking[]): Promise<Refusal[]> => {
    const wanted = all.flatMap((it) => it.wanted ?? it.inForce ?? []);
    const {clusters, contested} = placeClusters(wanted, await holding.holdersOf(wanted, current, findHolders), current);
    logTaken(current.all, clusters, logger);
    current = toClusters(clusters);
    if (!findHolders) return [];
    return wanted.flatMap(({id, validators: seen}): Refusal[] => {
      const error = contested.get(id);
      return error ? [{id, seen, error, isPartial: true}] : [];
    });
  };
  /** Where nobody can say who had what is new, all that is in force stays. */
  const placeOrKeep = (all: readonly Taking[]): Promise<Refusal[]> =>
    place(all).catch((error: unknown) => {
      if (!(error instanceof DvtError)) throw error;
      current = toClusters(all.flatMap(({inForce}) => inForce ?? []));
      const changed = all.flatMap(({wanted, inForce}) => (wanted && wanted.validators !== inForce?.validators ? [wanted] : []));
      return changed.map(({id, validators: seen}) => ({id, seen, error}));
    });

  const settle = (refusals: readonly Refusal[]): void => {
    awaited = refusals.filter(({error}) => dispositionOf(error) === "retry").map(({id}) => id);
    tell(refusals, current);
  };

  await Promise.all(entries.map((entry) => readers.of(entry).ready()));
  const {all: atFirst, refusals} = await readAll(entries, async () => []);
  const decisive = refusals.find(({error}) => dispositionOf(error) === "retry") ?? refusals[0];
  await place(atFirst);
  if (decisive && current.all.length === 0) {
    tell(
      refusals.filter((it) => it !== decisive),
      current,
    );
    await readers.keepOnly([]);
    throw decisive.error;
  }
  settle(refusals);

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
      const {id, error, isPartial} = refusal;
      const becomes = clusters.byId(id) ? "the one before stays in force" : "the cluster is left out";
      const level = error.code === "EXECUTION_UNAVAILABLE" || error.code === "STORE_UNAVAILABLE" ? "warn" : "error";
      const what = isPartial ? "validators left out of the cluster" : `cluster definition refused, ${becomes}`;
      logger[level]({cluster_id: id, code: error.code, error: error.message}, what);
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
