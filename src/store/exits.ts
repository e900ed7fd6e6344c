import {Binary, type Collection, type Db} from "mongodb";
import type {Network} from "../consensus/networks.js";
import type {ExitResult} from "../exits/completion.js";
import {type ExitId, exitKeyOf} from "../exits/exitId.js";
import {guard, isConflict} from "./connect.js";

/** What is held of one exit. Written by the aggregator only. */
type ExitDocument = {
  /** network:public_key:validator_index */
  _id: string;
  network: string;
  public_key: string;
  validator_index: number;
  cluster_id: string;
  /** ECIES ciphertexts by share index, each verified before it got here; gone as soon as they are not needed. */
  shares?: Record<string, Binary>;
  /** Set while shares are held: the sweep looks for exits whose shares are of no use any more. */
  collecting?: true;
  /** By oracles_config_hash, write-once. */
  results: Record<string, ExitResult>;
  /** A result whose completion is not known to be published. */
  unpublished?: {oracles_config_hash: string; since: number};
};

/** Where an exit stands for one oracle set. */
export type Collected = {
  /** ECIES ciphertexts by share index. */
  shares: ReadonlyMap<number, Uint8Array>;
  result: ExitResult | undefined;
  published: boolean;
};

export type Exits = ReturnType<typeof createExits>;

export function createExits(db: Db, network: Network) {
  const collection: Collection<ExitDocument> = db.collection("exits");

  const toExit = ({public_key, validator_index}: ExitDocument): ExitId => ({
    network,
    publicKey: public_key,
    validatorIndex: validator_index,
  });

  const toCollected = (document: ExitDocument, oraclesConfigHash: string): Collected => ({
    shares: new Map(
      Object.entries(document.shares ?? {}).map(([index, share]) => [Number(index), new Uint8Array(share.value())]),
    ),
    result: document.results[oraclesConfigHash],
    published: document.unpublished === undefined,
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
    const document = await collection.findOne({_id: exitKeyOf(exit)});
    return document ? toCollected(document, oraclesConfigHash) : undefined;
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

    /** Undefined when no share of it was ever kept. */
    find: (exit: ExitId, oraclesConfigHash: string): Promise<Collected | undefined> => guard(() => find(exit, oraclesConfigHash)),

    /** Results for this oracle set, by exit key, of those among the exits that have one. */
    findResults: (exits: readonly ExitId[], oraclesConfigHash: string): Promise<ReadonlyMap<string, ExitResult>> =>
      guard(async () => {
        const results = new Map<string, ExitResult>();
        const cursor = collection.find({_id: {$in: exits.map(exitKeyOf)}}, {projection: {results: 1}});
        for await (const document of cursor) {
          const result = document.results[oraclesConfigHash];
          if (result) results.set(document._id, result);
        }
        return results;
      }),

    /**
     * Keeps the share unless its index is taken or a result stands, and tells what is held afterwards: at least what was held
     * then, with shares that came at the same time or without.
     */
    addShare: (
      {exit, clusterId, shareIndex, ciphertext}: {exit: ExitId; clusterId: string; shareIndex: number; ciphertext: Uint8Array},
      oraclesConfigHash: string,
    ): Promise<Collected> =>
      guard(async () => {
        const place = `shares.${shareIndex}`;
        const share = new Binary(ciphertext);
        const free = {_id: exitKeyOf(exit), [place]: {$exists: false}, [`results.${oraclesConfigHash}`]: {$exists: false}};
        for (;;) {
          const kept = {$set: {[place]: share, collecting: true as const}};
          const updated = await collection.findOneAndUpdate(free, kept, {returnDocument: "after"});
          if (updated) return toCollected(updated, oraclesConfigHash);
          const fresh: ExitDocument = {
            _id: exitKeyOf(exit),
            network: network.name,
            public_key: exit.publicKey,
            validator_index: exit.validatorIndex,
            cluster_id: clusterId,
            shares: {[shareIndex]: share},
            collecting: true,
            results: {},
          };
          if (await insert(fresh)) return toCollected(fresh, oraclesConfigHash);
          const found = await find(exit, oraclesConfigHash);
          // Another share made the document between our two attempts: ours may be free now.
          if (found && (found.result || found.shares.has(shareIndex))) return found;
        }
      }),

    /** Forgets one share, if it is still this one: the place is free for a good one. */
    removeShare: (exit: ExitId, shareIndex: number, ciphertext: Uint8Array): Promise<void> =>
      guard(async () => {
        const place = `shares.${shareIndex}`;
        await collection.updateOne({_id: exitKeyOf(exit), [place]: new Binary(ciphertext)}, {$unset: {[place]: ""}});
      }),

    /** Writes the result unless one stands, and drops the shares; either way returns the one that stands. */
    writeResult: (exit: ExitId, oraclesConfigHash: string, result: ExitResult, now: number): Promise<ExitResult> =>
      guard(async () => {
        const place = `results.${oraclesConfigHash}`;
        const {matchedCount} = await collection.updateOne(
          {_id: exitKeyOf(exit), [place]: {$exists: false}},
          {
            $set: {[place]: result, unpublished: {oracles_config_hash: oraclesConfigHash, since: now}},
            $unset: {shares: "", collecting: ""},
          },
        );
        if (matchedCount === 1) return result;
        const standing = (await find(exit, oraclesConfigHash))?.result;
        if (!standing) throw new Error(`write the result of ${exitKeyOf(exit)}: nothing was collected for it`);
        return standing;
      }),

    markPublished: (exit: ExitId, oraclesConfigHash: string): Promise<void> =>
      guard(async () => {
        const owed = {_id: exitKeyOf(exit), "unpublished.oracles_config_hash": oraclesConfigHash};
        await collection.updateOne(owed, {$unset: {unpublished: ""}});
      }),

    /** Results written before `before` whose completion may not have been published. */
    findUnpublished: (before: number, limit: number): Promise<{exit: ExitId; oraclesConfigHash: string; result: ExitResult}[]> =>
      guard(async () => {
        const owed = collection.find({network: network.name, "unpublished.since": {$lte: before}}).limit(limit);
        return (await owed.toArray()).flatMap((document) => {
          const hash = document.unpublished?.oracles_config_hash ?? "";
          const result = document.results[hash];
          return result ? [{exit: toExit(document), oraclesConfigHash: hash, result}] : [];
        });
      }),

    /** Exits that hold shares, in the order of their keys; the next page starts after the last of this one. */
    findCollecting: (after: ExitId | undefined, limit: number): Promise<ExitId[]> =>
      guard(async () => {
        const held = {network: network.name, collecting: true as const, ...(after && {_id: {$gt: exitKeyOf(after)}})};
        const page = collection
          .find(held, {projection: {public_key: 1, validator_index: 1}})
          .sort({_id: 1})
          .limit(limit);
        return (await page.toArray()).map(toExit);
      }),

    dropShares: (exit: ExitId): Promise<void> =>
      guard(async () => {
        await collection.updateOne({_id: exitKeyOf(exit)}, {$unset: {shares: "", collecting: ""}});
      }),
  };
}
