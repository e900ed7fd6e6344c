import type {Collection, Db, Filter} from "mongodb";
import type {Network} from "../consensus/networks.js";
import {guard} from "./connect.js";
import {type ClusterCount, countByCluster} from "./countByCluster.js";
import {type Page, type PageRequest, readPage} from "./readPage.js";
import type {RequestDocument, StoredRequest, SupersededExit} from "./requestDocument.js";
import {createRequestReader, type RequestReaderOptions} from "./requestReader.js";

/** Lists of what operators requested. */
export type RequestViews = ReturnType<typeof createRequestViews>;

/** The exit that the current one of its key superseded last. */
export type SupersededView = SupersededExit & {
  readonly publicKey: string;
  readonly clusterId: string;
  /** The index of the current exit. */
  readonly by: number;
};

type PrefixOptions = {
  /** Those of the validators; not given: all. */
  readonly clusterIds?: readonly string[];
  readonly limit: number;
  /** The public key that the page before ended with. */
  readonly after?: string | undefined;
};

/** Opens what people and programs are told of `requests`. Every list is read by an index, and has at most `limit` items. */
export function createRequestViews(db: Db, network: Network, options: RequestReaderOptions) {
  const collection: Collection<RequestDocument> = db.collection("requests");
  const {readFit} = createRequestReader(options);
  const of = (clusterIds: readonly string[], state: "open" | "expired") => ({cluster_id: {$in: [...clusterIds]}, state});

  return {
    /** Open requests of these clusters, the oldest first. Some may have a result, which not all have taken. By `by_state`. */
    findOpen: (clusterIds: readonly string[], page: PageRequest): Promise<Page<StoredRequest>> =>
      readPage(collection, {where: of(clusterIds, "open"), by: "opened_at", newestFirst: false, read: readFit}, page),

    /** Expired requests of these clusters, those that were opened last first. By `by_state`. */
    findExpired: (clusterIds: readonly string[], page: PageRequest): Promise<Page<StoredRequest>> =>
      readPage(collection, {where: of(clusterIds, "expired"), by: "opened_at", newestFirst: true, read: readFit}, page),

    /** The exit of each key that was superseded last, the latest first. By `by_superseding`. */
    findSuperseded: (clusterIds: readonly string[], page: PageRequest): Promise<Page<SupersededView>> => {
      const read = (found: object): SupersededView | undefined => {
        const request = readFit(found);
        const last = request?.previous.at(-1);
        if (!request || !last) return undefined;
        return {...last, publicKey: request.publicKey, clusterId: request.clusterId, by: request.validatorIndex};
      };
      return readPage(
        collection,
        {where: {cluster_id: {$in: [...clusterIds]}}, by: "superseded_at", newestFirst: true, read},
        page,
      );
    },

    /** The requests of keys that begin like this, in hex with 0x, by public key. By `_id`. */
    findByPrefix: (prefix: string, {clusterIds, limit, after}: PrefixOptions): Promise<StoredRequest[]> =>
      guard(async () => {
        const start = `${network.name}:${prefix}`;
        // The character after f in ASCII is g: no hex digit follows it.
        const ids = {$gte: start, $lt: `${start}g`, ...(after !== undefined && {$gt: `${network.name}:${after}`})};
        const filter = {_id: ids, ...(clusterIds && {cluster_id: {$in: [...clusterIds]}})} as Filter<RequestDocument>;
        const found = await collection.find(filter).sort({_id: 1}).limit(limit).toArray();
        return found.flatMap((it) => readFit(it) ?? []);
      }),

    /** How many requests are open, and since when the oldest one is, by cluster. By `by_state`, which has all that is needed. */
    countOpen: (clusterIds: readonly string[]): Promise<ReadonlyMap<string, ClusterCount>> =>
      countByCluster(collection, {where: of(clusterIds, "open"), by: "opened_at"}),
  };
}
