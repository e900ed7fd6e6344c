import type {Collection, Db, Document} from "mongodb";
import {type Static, Type} from "typebox";
import {Ed25519Signature, Network as NetworkField, ValidatorIndex} from "../../schemas/fields.js";
import type {Network} from "../consensus/networks.js";
import {type ExitId, exitKeyOf} from "../exits/exitId.js";
import type {Logger} from "../runtime/logger.js";
import {guard} from "./connect.js";
import {type ClusterCount, countByCluster} from "./countByCluster.js";
import {historyFields} from "./exits.js";
import {type StoredRefusal, StoredRefusals} from "./heldShares.js";
import {createReader} from "./reader.js";
import {type Page, type PageRequest, readPage} from "./readPage.js";
import {storedFields} from "./storedFields.js";

/** What was collected of an exit, without shares and results. */
export type ExitView = {
  readonly publicKey: string;
  readonly validatorIndex: number;
  readonly clusterId: string;
  /** By share index, when its share came, good or not. One that came before the exit was opened again does not count any more. */
  readonly came: ReadonlyMap<number, number>;
  /** By share index, including those of earlier requests, and those that stood when the exit was completed. */
  readonly refusals: ReadonlyMap<number, StoredRefusal>;
  /** There is a result for the oracle set that was asked about. */
  readonly hasResult: boolean;
  /** When its latest result was written, and its completions published. */
  readonly completedAt: number | undefined;
  readonly publishedAt: number | undefined;
};

/** Results that are not known to be published: how many, and since when the oldest is. */
export type OwedResults = {readonly count: number; readonly oldest: number | undefined};

const StoredSignature = Type.Object({aggregator_signature: Ed25519Signature}, {additionalProperties: false});

const ExitViewDocument = Type.Object(
  {
    _id: Type.String(),
    network: NetworkField,
    public_key: storedFields.publicKey,
    validator_index: ValidatorIndex,
    cluster_id: storedFields.clusterId,
    refusals: Type.Optional(StoredRefusals),
    ...historyFields,
    // Nothing else of a result is read.
    results: Type.Optional(Type.Record(storedFields.bytes32, StoredSignature)),
  },
  {additionalProperties: false},
);
type ExitViewDocument = Static<typeof ExitViewDocument>;

/** Lists of the exits that the aggregator collects. */
export type ExitViews = ReturnType<typeof createExitViews>;

/** Opens what people and programs are told of `exits`. Every list is read by an index; no share or shard is loaded. */
export function createExitViews(db: Db, network: Network, logger: Logger) {
  const collection: Collection<ExitViewDocument> = db.collection("exits");
  const keyOf = (it: ExitViewDocument): string => `${it.network}:${it.public_key}:${it.validator_index}`;
  const reader = createReader({collection: "exits", schema: ExitViewDocument, keyOf, logger});
  const projectionFor = (oraclesConfigHash: string): Document =>
    Object.fromEntries([...plainFields, `results.${oraclesConfigHash}.aggregator_signature`].map((field) => [field, 1]));
  const readFor =
    (oraclesConfigHash: string) =>
    (found: Document): ExitView | undefined => {
      const document = reader.readFit(found);
      return document && toView(document, oraclesConfigHash);
    };
  const find = (where: Document, oraclesConfigHash: string, limit: number): Promise<ExitView[]> =>
    guard(async () => {
      const options = {projection: projectionFor(oraclesConfigHash), limit};
      const found = await collection.find(where, options).sort({_id: 1}).toArray();
      return found.flatMap((it) => readFor(oraclesConfigHash)(it) ?? []);
    });

  return {
    /**
     * Complete exits of these clusters, the latest first, of those completed since then if that is given. Those from before the time
     * was recorded are missing. By `completed`.
     */
    findCompleted: (
      clusterIds: readonly string[],
      oraclesConfigHash: string,
      {since = 0, ...page}: PageRequest & {readonly since?: number},
    ): Promise<Page<ExitView>> =>
      readPage(
        collection,
        {
          where: {cluster_id: {$in: [...clusterIds]}},
          by: "completed_at",
          newestFirst: true,
          since,
          projection: projectionFor(oraclesConfigHash),
          read: readFor(oraclesConfigHash),
        },
        page,
      ),

    /** How many exits were completed since then, by cluster. By `completed`, which has all that is needed. */
    countCompleted: (clusterIds: readonly string[], since: number): Promise<ReadonlyMap<string, ClusterCount>> => {
      const where = {cluster_id: {$in: [...clusterIds]}, completed_at: {$gte: since}};
      return countByCluster(collection, {where, by: "completed_at"});
    },

    /** Results whose completions are not known to be published. By `unpublished`. */
    countOwed: (): Promise<OwedResults> =>
      guard(async () => {
        const owed = {network: network.name, "unpublished.since": {$gte: 0}};
        const group = {_id: null, count: {$sum: 1}, oldest: {$min: "$unpublished.since"}};
        const [found] = await collection.aggregate<OwedResults>([{$match: owed}, {$group: group}]).toArray();
        return {count: found?.count ?? 0, oldest: found?.oldest};
      }),

    /** What was collected of each of these exits, by exit key, if anything was. By `_id`. */
    findAll: async (exits: readonly ExitId[], oraclesConfigHash: string): Promise<ReadonlyMap<string, ExitView>> => {
      const found = await find({_id: {$in: exits.map(exitKeyOf)}}, oraclesConfigHash, exits.length);
      return new Map(found.map((it) => [exitKeyOf({network, publicKey: it.publicKey, validatorIndex: it.validatorIndex}), it]));
    },

    /** What was collected of the exits of a key, at whatever index. By `_id`. */
    findOfKey: (publicKey: string, oraclesConfigHash: string, limit: number): Promise<ExitView[]> => {
      const start = `${network.name}:${publicKey}`;
      // The character after : in ASCII is ;
      return find({_id: {$gt: `${start}:`, $lt: `${start};`}}, oraclesConfigHash, limit);
    },
  };
}

const plainFields = [
  "network",
  "public_key",
  "validator_index",
  "cluster_id",
  "came",
  "refusals",
  "refused",
  "completed_at",
  "published_at",
] satisfies (keyof ExitViewDocument)[];

const toView = (document: ExitViewDocument, oraclesConfigHash: string): ExitView => ({
  publicKey: document.public_key,
  validatorIndex: document.validator_index,
  clusterId: document.cluster_id,
  came: byShareIndex(document.came),
  refusals: byShareIndex({...document.refused, ...document.refusals}),
  hasResult: document.results?.[oraclesConfigHash] !== undefined,
  completedAt: document.completed_at,
  publishedAt: document.published_at,
});

const byShareIndex = <T>(record: Readonly<Record<string, T>> = {}): ReadonlyMap<number, T> =>
  new Map(Object.entries(record).map(([shareIndex, it]) => [Number(shareIndex), it]));
