import {type AnyBulkWriteOperation, Binary, type Collection, type Db, type Filter, type UpdateFilter} from "mongodb";
import {type Static, Type} from "typebox";
import {OraclesExitSignatureShares} from "../../schemas/exitCompletion.js";
import {Ed25519Signature, Network as NetworkField, TimestampMs, ValidatorIndex} from "../../schemas/fields.js";
import type {Network} from "../consensus/networks.js";
import {DvtError} from "../errors.js";
import type {ExitResult} from "../exits/completion.js";
import {type ExitId, exitKeyOf} from "../exits/exitId.js";
import type {Logger} from "../runtime/logger.js";
import {guard, isConflict, takenBy} from "./connect.js";
import {
  CameTimes,
  type HeldShares,
  heldFields,
  type StoredRefusal,
  StoredRefusals,
  toHeld,
  toRefusalUpdate,
  toShareUpdate,
} from "./heldShares.js";
import {inPieces} from "./inPieces.js";
import {createReader} from "./reader.js";
import {readPages} from "./readPages.js";
import {storedFields} from "./storedFields.js";

/** The fields that identify an exit. */
const idFields = {
  /** network:public_key:validator_index */
  _id: Type.String(),
  network: NetworkField,
  public_key: storedFields.publicKey,
  validator_index: ValidatorIndex,
};
const ExitIdDocument = Type.Object(idFields, {additionalProperties: false});

const StoredResult = Type.Object(
  {...OraclesExitSignatureShares.properties, aggregator_signature: Ed25519Signature},
  {additionalProperties: false},
);

/** What is told of an exit's past. Missing in documents older than these fields. */
export const historyFields = {
  came: Type.Optional(CameTimes),
  /** The refusals that stood when a result was written last. */
  refused: Type.Optional(StoredRefusals),
  /** When the latest result was written, and when its completions were known to be published. */
  completed_at: Type.Optional(TimestampMs),
  published_at: Type.Optional(TimestampMs),
};

/**
 * The shares and results of one exit, written by the aggregator only. Its shares are ECIES ciphertexts, verified before they are
 * stored and removed once they are not needed.
 */
const ExitDocument = Type.Object(
  {
    ...idFields,
    cluster_id: storedFields.clusterId,
    ...heldFields,
    /** Set while shares are stored: the sweep searches these exits for shares that are no longer needed. */
    collecting: Type.Optional(Type.Literal(true)),
    /** By oracles_config_hash; written once. */
    results: Type.Record(storedFields.bytes32, StoredResult, {additionalProperties: false}),
    /** A result whose completion may not have been published. */
    unpublished: Type.Optional(
      Type.Object({oracles_config_hash: storedFields.bytes32, since: TimestampMs}, {additionalProperties: false}),
    ),
    ...historyFields,
  },
  {additionalProperties: false},
);
export type ExitDocument = Static<typeof ExitDocument>;
type ExitIdDocument = Static<typeof ExitIdDocument>;

/** The progress of an exit for one oracle set. */
export type Collected = HeldShares & {result: ExitResult | undefined; published: boolean};

/** Shares to store, by share index, or the result that replaces them; `came`: when the message with each share came. */
export type Change = {exit: ExitId; clusterId: string; came?: ReadonlyMap<number, number>} & (
  | {shares: ReadonlyMap<number, Uint8Array>}
  | {result: ExitResult}
);

/** A share that came after its exit was complete, and when. */
export type LateShare = {readonly exitKey: string; readonly shareIndex: number; readonly cameAt: number};

type Unpublished = {exit: ExitId; oraclesConfigHash: string; result: ExitResult};
type Refusal = {exit: ExitId; clusterId: string; shareIndex: number; refusal: StoredRefusal};

/** The exits that the aggregator collects. */
export type Exits = ReturnType<typeof createExits>;

/** Opens the collection of exits. */
export function createExits(db: Db, network: Network, logger: Logger) {
  const collection: Collection<ExitDocument> = db.collection("exits");
  const keyOf = (it: ExitIdDocument): string => `${it.network}:${it.public_key}:${it.validator_index}`;
  const reader = createReader({collection: "exits", schema: ExitDocument, keyOf, logger});
  const idReader = createReader({collection: "exits", schema: ExitIdDocument, keyOf, logger});

  const toExit = ({public_key, validator_index}: ExitIdDocument): ExitId => ({
    network,
    publicKey: public_key,
    validatorIndex: validator_index,
  });

  const toCollected = (document: ExitDocument, oraclesConfigHash: string): Collected => ({
    ...toHeld(document),
    result: document.results[oraclesConfigHash],
    published: document.unpublished?.oracles_config_hash !== oraclesConfigHash,
  });

  const insert = async (document: ExitDocument): Promise<boolean> => {
    try {
      await collection.insertOne(document);
      return true;
    } catch (error) {
      if (isConflict(error)) return false;
      throw error;
    }
  };

  const find = async (exit: ExitId, oraclesConfigHash: string): Promise<Collected | undefined> => {
    const found = await collection.findOne({_id: exitKeyOf(exit)});
    return found ? readOne(found, oraclesConfigHash) : undefined;
  };

  const readOne = (found: object, oraclesConfigHash: string): Collected => {
    const document = reader.read(found);
    if (document instanceof DvtError) throw document;
    return toCollected(document, oraclesConfigHash);
  };

  const findFit = async (exits: readonly ExitId[]): Promise<ExitDocument[]> => {
    const found = await collection.find({_id: {$in: exits.map(exitKeyOf)}}).toArray();
    return found.flatMap((it) => reader.readFit(it) ?? []);
  };

  const unanswered = (exit: ExitId, oraclesConfigHash: string): Filter<ExitDocument> => ({
    _id: exitKeyOf(exit),
    [`results.${oraclesConfigHash}`]: {$exists: false},
  });

  const toCameFields = (came: ReadonlyMap<number, number> = new Map()): Record<string, number> =>
    Object.fromEntries([...came].map(([shareIndex, cameAt]) => [`came.${shareIndex}`, cameAt]));

  const toNew = ({exit, clusterId}: Pick<Change, "exit" | "clusterId">) => ({
    network: network.name,
    public_key: exit.publicKey,
    validator_index: exit.validatorIndex,
    cluster_id: clusterId,
  });

  const toWrite = (change: Change, oraclesConfigHash: string, now: number): AnyBulkWriteOperation<ExitDocument> => {
    const filter = unanswered(change.exit, oraclesConfigHash);
    const came = toCameFields(change.came);
    if ("result" in change) {
      const unpublished = {oracles_config_hash: oraclesConfigHash, since: now};
      const update: UpdateFilter<ExitDocument> = {
        $set: {[`results.${oraclesConfigHash}`]: change.result, unpublished, completed_at: now, ...came},
        $unset: {shares: "", collecting: "", published_at: ""},
        // A refusal answers one request. Kept apart, it does not count once the exit is asked for again for another oracle set.
        $rename: {refusals: "refused"},
        $setOnInsert: toNew(change),
      };
      return {updateOne: {filter, update, upsert: true}};
    }
    const {set, unset, free} = toShareUpdate(change.shares);
    const update: UpdateFilter<ExitDocument> = {
      $set: {...set, ...came, collecting: true as const},
      $unset: unset,
      $setOnInsert: {...toNew(change), results: {}},
    };
    return {updateOne: {filter: {...filter, ...free}, update, upsert: true}};
  };

  return {
    async createIndexes(): Promise<void> {
      await guard(async () => {
        const held = {partialFilterExpression: {collecting: true}, name: "collecting"};
        await collection.createIndex({network: 1, _id: 1}, held);
        const owed = {partialFilterExpression: {"unpublished.since": {$exists: true}}, name: "unpublished"};
        await collection.createIndex({network: 1, "unpublished.since": 1}, owed);
        const completed = {partialFilterExpression: {completed_at: {$exists: true}}, name: "completed"};
        // The _id orders those of one time, so that a page can begin where the one before ended.
        await collection.createIndex({cluster_id: 1, completed_at: 1, _id: 1}, completed);
      });
    },

    /** Undefined when nothing was ever stored of it; STORED_INVALID. */
    find: (exit: ExitId, oraclesConfigHash: string): Promise<Collected | undefined> => guard(() => find(exit, oraclesConfigHash)),

    /** The results for this oracle set, by exit key, of the exits that have one. */
    findResults: (exits: readonly ExitId[], oraclesConfigHash: string): Promise<ReadonlyMap<string, ExitResult>> =>
      guard(async () => {
        const results = new Map<string, ExitResult>();
        for (const document of await findFit(exits)) {
          const result = document.results[oraclesConfigHash];
          if (result) results.set(document._id, result);
        }
        return results;
      }),

    /** The keys of the exits that have a result for this oracle set; no result is loaded. */
    findComplete: (exits: readonly ExitId[], oraclesConfigHash: string): Promise<ReadonlySet<string>> =>
      guard(async () => {
        const complete = {_id: {$in: exits.map(exitKeyOf)}, [`results.${oraclesConfigHash}`]: {$exists: true}};
        const found = await collection.find(complete as Filter<ExitDocument>, {projection: {_id: 1}}).toArray();
        return new Set(found.map(({_id}) => _id));
      }),

    /** The hash of another oracle set, by exit key, of the exits that have a result for one. */
    findOtherSets: (exits: readonly ExitId[], oraclesConfigHash: string): Promise<ReadonlyMap<string, string>> =>
      guard(async () => {
        const sets = new Map<string, string>();
        for (const {_id, results} of await findFit(exits)) {
          const other = Object.keys(results).find((hash) => hash !== oraclesConfigHash);
          if (other !== undefined) sets.set(_id, other);
        }
        return sets;
      }),

    /** The progress of each exit, by exit key, if anything was ever stored of it; STORED_INVALID for a single one. */
    findAll: (exits: readonly ExitId[], oraclesConfigHash: string): Promise<ReadonlyMap<string, Collected | DvtError>> =>
      guard(async () => {
        const found = await inPieces(exits.map(exitKeyOf), (ids) => collection.find({_id: {$in: ids}}).toArray());
        return new Map(
          found.map((it) => {
            const document = reader.read(it);
            return [it._id, document instanceof DvtError ? document : toCollected(document, oraclesConfigHash)];
          }),
        );
      }),

    /**
     * Stores shares unless the index of one is taken, and results, which drop the shares; neither if there is a result already. A
     * share replaces the refusal of its sidecar. Returns the keys of the changes that lost a race: read those again. An exit may
     * appear in the changes once.
     */
    write: (changes: readonly Change[], oraclesConfigHash: string, now: number): Promise<ReadonlySet<string>> =>
      guard(async () => {
        const writes = changes.map((change) => toWrite(change, oraclesConfigHash, now));
        // A document that does not match exists in another state: inserting it then fails as a duplicate.
        const taken = await takenBy(() => collection.bulkWrite(writes, {ordered: false}));
        return new Set(taken.map((position) => exitKeyOf((changes[position] as Change).exit)));
      }),

    /**
     * Stores the refusal unless the sidecar has signed or refused a later request, or there is a result; returns the progress.
     * STORED_INVALID.
     */
    addRefusal: ({exit, clusterId, shareIndex, refusal}: Refusal, oraclesConfigHash: string): Promise<Collected> =>
      guard(async () => {
        const place = `refusals.${shareIndex}`;
        const {requested_at} = refusal;
        const free = {
          ...unanswered(exit, oraclesConfigHash),
          [`shares.${shareIndex}`]: {$exists: false},
          $or: [{[place]: {$exists: false}}, {[`${place}.requested_at`]: {$lte: requested_at}}],
        };
        for (;;) {
          const updated = await collection.findOneAndUpdate(free, toRefusalUpdate(shareIndex, refusal), {
            returnDocument: "after",
          });
          if (updated) return readOne(updated, oraclesConfigHash);
          const fresh: ExitDocument = {
            _id: exitKeyOf(exit),
            ...toNew({exit, clusterId}),
            results: {},
            refusals: {[shareIndex]: refusal},
          };
          if (await insert(fresh)) return toCollected(fresh, oraclesConfigHash);
          const found = await find(exit, oraclesConfigHash);
          // Another sidecar created the document between our two attempts: our share index may be free.
          if (found?.result || found?.shares.has(shareIndex)) return found;
          if ((found?.refusals.get(shareIndex)?.requested_at ?? 0) > requested_at) return found as Collected;
        }
      }),

    /** Deletes a share if it is still this one, so that a good one can be stored. */
    removeShare: (exit: ExitId, shareIndex: number, ciphertext: Uint8Array): Promise<void> =>
      guard(async () => {
        const place = `shares.${shareIndex}`;
        await collection.updateOne(
          {_id: exitKeyOf(exit), [place]: new Binary(ciphertext)},
          {$unset: {[place]: "", [`came.${shareIndex}`]: ""}},
        );
      }),

    /** Marks the results of these exits for one oracle set as published. */
    markPublished: (exits: readonly ExitId[], oraclesConfigHash: string, now: number): Promise<void> =>
      guard(async () => {
        const owed = {_id: {$in: exits.map(exitKeyOf)}, "unpublished.oracles_config_hash": oraclesConfigHash};
        await collection.updateMany(owed, {$set: {published_at: now}, $unset: {unpublished: ""}});
      }),

    /** Results written before `before` whose completion may not have been published. */
    findUnpublished: (before: number, pageSize: number): AsyncGenerator<Unpublished[]> => {
      const owed = {network: network.name, "unpublished.since": {$lte: before}};
      return readPages(collection.find(owed, {batchSize: pageSize}), pageSize, (found) => {
        const document = reader.readFit(found);
        if (!document) return undefined;
        const oraclesConfigHash = document.unpublished?.oracles_config_hash ?? "";
        const result = document.results[oraclesConfigHash];
        if (result) return {exit: toExit(document), oraclesConfigHash, result};
        reader.refuse(document, "it is marked unpublished, but has no result");
        return undefined;
      });
    },

    /** Exits with stored shares. */
    findCollecting: (pageSize: number): AsyncGenerator<ExitId[]> => {
      const projection = {network: 1, public_key: 1, validator_index: 1};
      const held = collection.find({network: network.name, collecting: true}, {projection, batchSize: pageSize});
      return readPages(held, pageSize, (found) => {
        const document = idReader.readFit(found);
        return document && toExit(document);
      });
    },

    /** Deletes the shares of an exit. */
    dropShares: (exit: ExitId): Promise<void> =>
      guard(async () => {
        await collection.updateOne({_id: exitKeyOf(exit)}, {$unset: {shares: "", collecting: ""}});
      }),

    /** Stores when shares came for exits that needed them no more: the first time of each share index stays. */
    addLate: (late: readonly LateShare[]): Promise<void> =>
      guard(async () => {
        const writes = late.map(({exitKey, shareIndex, cameAt}): AnyBulkWriteOperation<ExitDocument> => {
          const place = `came.${shareIndex}`;
          return {updateOne: {filter: {_id: exitKey, [place]: {$exists: false}}, update: {$set: {[place]: cameAt}}}};
        });
        if (writes.length > 0) await collection.bulkWrite(writes, {ordered: false});
      }),
  };
}
