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
import {type Held, heldFields, type StoredRefusal, toHeld, toKeep} from "./heldShares.js";
import {inPieces} from "./inPieces.js";
import {createReader} from "./reader.js";
import {readPages} from "./readPages.js";
import {storedFields} from "./storedFields.js";

/** Which exit it is. */
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

/**
 * What is held of one exit. Written by the aggregator only. Its shares are ECIES ciphertexts, each verified before it got here;
 * gone as soon as they are not needed.
 */
const ExitDocument = Type.Object(
  {
    ...idFields,
    cluster_id: storedFields.clusterId,
    ...heldFields,
    /** Set while shares are held: the sweep looks for exits whose shares are of no use any more. */
    collecting: Type.Optional(Type.Literal(true)),
    /** By oracles_config_hash, write-once. */
    results: Type.Record(storedFields.bytes32, StoredResult, {additionalProperties: false}),
    /** A result whose completion is not known to be published. */
    unpublished: Type.Optional(
      Type.Object({oracles_config_hash: storedFields.bytes32, since: TimestampMs}, {additionalProperties: false}),
    ),
  },
  {additionalProperties: false},
);
type ExitDocument = Static<typeof ExitDocument>;
type ExitIdDocument = Static<typeof ExitIdDocument>;

/** Where an exit stands for one oracle set. */
export type Collected = Held & {result: ExitResult | undefined; published: boolean};

/** Shares to keep, by share index, or the result that takes their place. */
export type Change = {exit: ExitId; clusterId: string} & ({shares: ReadonlyMap<number, Uint8Array>} | {result: ExitResult});

type Unpublished = {exit: ExitId; oraclesConfigHash: string; result: ExitResult};
type Refusal = {exit: ExitId; clusterId: string; shareIndex: number; refusal: StoredRefusal};

export type Exits = ReturnType<typeof createExits>;

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

  const toNew = ({exit, clusterId}: Pick<Change, "exit" | "clusterId">) => ({
    network: network.name,
    public_key: exit.publicKey,
    validator_index: exit.validatorIndex,
    cluster_id: clusterId,
  });

  const toWrite = (change: Change, oraclesConfigHash: string, now: number): AnyBulkWriteOperation<ExitDocument> => {
    const filter = unanswered(change.exit, oraclesConfigHash);
    if ("result" in change) {
      const unpublished = {oracles_config_hash: oraclesConfigHash, since: now};
      const update: UpdateFilter<ExitDocument> = {
        $set: {[`results.${oraclesConfigHash}`]: change.result, unpublished},
        $unset: {shares: "", refusals: "", collecting: ""},
        $setOnInsert: toNew(change),
      };
      return {updateOne: {filter, update, upsert: true}};
    }
    const {set, unset, free} = toKeep(change.shares);
    const update: UpdateFilter<ExitDocument> = {
      $set: {...set, collecting: true as const},
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
      });
    },

    /** Undefined when nothing of it was ever kept. STORED_INVALID. */
    find: (exit: ExitId, oraclesConfigHash: string): Promise<Collected | undefined> => guard(() => find(exit, oraclesConfigHash)),

    /** Results for this oracle set, by exit key, of those among the exits that have one. */
    findResults: (exits: readonly ExitId[], oraclesConfigHash: string): Promise<ReadonlyMap<string, ExitResult>> =>
      guard(async () => {
        const results = new Map<string, ExitResult>();
        for (const document of await findFit(exits)) {
          const result = document.results[oraclesConfigHash];
          if (result) results.set(document._id, result);
        }
        return results;
      }),

    /** Of those among the exits that have a result for another oracle set, the hash of one such set, by exit key. */
    findOtherSets: (exits: readonly ExitId[], oraclesConfigHash: string): Promise<ReadonlyMap<string, string>> =>
      guard(async () => {
        const sets = new Map<string, string>();
        for (const {_id, results} of await findFit(exits)) {
          const other = Object.keys(results).find((hash) => hash !== oraclesConfigHash);
          if (other !== undefined) sets.set(_id, other);
        }
        return sets;
      }),

    /** Where each of them stands, by exit key; nothing of one of which nothing was ever kept. STORED_INVALID of one alone. */
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
     * Keeps shares unless the index of one of them is taken, and writes results, which drops the shares; neither where a result
     * stands. A sidecar's share takes the place of its refusal. Returns the keys of those that were not written: somebody else
     * was first, so read them again. An exit stands in the changes once.
     */
    write: (changes: readonly Change[], oraclesConfigHash: string, now: number): Promise<ReadonlySet<string>> =>
      guard(async () => {
        const writes = changes.map((change) => toWrite(change, oraclesConfigHash, now));
        // What does not match is there in another state: to insert it then fails as a duplicate.
        const taken = await takenBy(() => collection.bulkWrite(writes, {ordered: false}));
        return new Set(taken.map((position) => exitKeyOf((changes[position] as Change).exit)));
      }),

    /** Keeps the refusal unless the sidecar has signed, has refused a later request, or a result stands; tells what is held. STORED_INVALID. */
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
          const updated = await collection.findOneAndUpdate(free, {$set: {[place]: refusal}}, {returnDocument: "after"});
          if (updated) return readOne(updated, oraclesConfigHash);
          const fresh: ExitDocument = {
            _id: exitKeyOf(exit),
            ...toNew({exit, clusterId}),
            results: {},
            refusals: {[shareIndex]: refusal},
          };
          if (await insert(fresh)) return toCollected(fresh, oraclesConfigHash);
          const found = await find(exit, oraclesConfigHash);
          // Another sidecar made the document between our two attempts: our place may be free now.
          if (found?.result || found?.shares.has(shareIndex)) return found;
          if ((found?.refusals.get(shareIndex)?.requested_at ?? 0) > requested_at) return found as Collected;
        }
      }),

    /** Forgets one share, if it is still this one: the place is free for a good one. */
    removeShare: (exit: ExitId, shareIndex: number, ciphertext: Uint8Array): Promise<void> =>
      guard(async () => {
        const place = `shares.${shareIndex}`;
        await collection.updateOne({_id: exitKeyOf(exit), [place]: new Binary(ciphertext)}, {$unset: {[place]: ""}});
      }),

    /** All for one oracle set. */
    markPublished: (exits: readonly ExitId[], oraclesConfigHash: string): Promise<void> =>
      guard(async () => {
        const owed = {_id: {$in: exits.map(exitKeyOf)}, "unpublished.oracles_config_hash": oraclesConfigHash};
        await collection.updateMany(owed, {$unset: {unpublished: ""}});
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
        reader.refuse(document, "it owes a result that it has not");
        return undefined;
      });
    },

    /** Exits that hold shares. */
    findCollecting: (pageSize: number): AsyncGenerator<ExitId[]> => {
      const projection = {network: 1, public_key: 1, validator_index: 1};
      const held = collection.find({network: network.name, collecting: true}, {projection, batchSize: pageSize});
      return readPages(held, pageSize, (found) => {
        const document = idReader.readFit(found);
        return document && toExit(document);
      });
    },

    dropShares: (exit: ExitId): Promise<void> =>
      guard(async () => {
        await collection.updateOne({_id: exitKeyOf(exit)}, {$unset: {shares: "", refusals: "", collecting: ""}});
      }),
  };
}
