import {type AnyBulkWriteOperation, Binary, type Collection, type Db, type UpdateFilter} from "mongodb";
import {type Static, Type} from "typebox";
import {Network as NetworkField, TimestampMs} from "../../schemas/fields.js";
import type {Network} from "../consensus/networks.js";
import {DvtError} from "../errors.js";
import {type DepositId, depositKeyOf} from "../exits/depositId.js";
import type {Logger} from "../runtime/logger.js";
import {guard, takenBy} from "./connect.js";
import {type HeldShares, heldFields, type StoredRefusal, toHeld, toRefusalUpdate, toShareUpdate} from "./heldShares.js";
import {createReader} from "./reader.js";
import {readPages} from "./readPages.js";
import {storedFields} from "./storedFields.js";

/** The shares and the signature of one deposit, written by the aggregator only. Nothing in it is secret. */
const DepositDocument = Type.Object(
  {
    /** network:public_key:vault:amount:validator_type */
    _id: Type.String(),
    network: NetworkField,
    public_key: storedFields.publicKey,
    ...storedFields.deposit,
    cluster_id: storedFields.clusterId,
    ...heldFields,
    /** 96 bytes in hex, written once; it replaces the shares. */
    signature: Type.Optional(storedFields.signature),
    /** Set while shares or refusals are stored: the sweep searches these deposits for those that nobody requests any more. */
    collecting: Type.Optional(Type.Literal(true)),
    /** ms; set while the signature may not have been published. */
    unpublished_since: Type.Optional(TimestampMs),
  },
  {additionalProperties: false},
);
type DepositDocument = Static<typeof DepositDocument>;

/** The progress of a deposit. */
export type CollectedDeposit = HeldShares & {signature: string | undefined; published: boolean};

/** A deposit with its signature. */
export type SignedDeposit = DepositId & {readonly signature: string};

/** Verified shares or a refusal to store, or the signature that replaces them. */
export type DepositChange = {id: DepositId; clusterId: string} & (
  | {shares: ReadonlyMap<number, Uint8Array>}
  | {refusal: StoredRefusal; shareIndex: number}
  | {signature: string}
);

/** The deposits that the aggregator collects. */
export type Deposits = ReturnType<typeof createDeposits>;

/** Opens the collection of deposits. */
export function createDeposits(db: Db, network: Network, logger: Logger) {
  const collection: Collection<DepositDocument> = db.collection("deposits");
  const keyOf = (it: DepositDocument): string => [it.network, it.public_key, it.vault, it.amount, it.validator_type].join(":");
  const reader = createReader({collection: "deposits", schema: DepositDocument, keyOf, logger});

  const toId = ({public_key, vault, amount, validator_type}: DepositDocument): DepositId => ({
    network,
    publicKey: public_key,
    deposit: {vault, amount, validator_type},
  });

  const toCollected = (document: DepositDocument): CollectedDeposit => ({
    ...toHeld(document),
    signature: document.signature,
    published: document.unpublished_since === undefined,
  });

  const toWrite = (change: DepositChange, now: number): AnyBulkWriteOperation<DepositDocument> => {
    const {id, clusterId} = change;
    const unsigned = {_id: depositKeyOf(id), signature: {$exists: false}};
    const own = {network: network.name, public_key: id.publicKey, ...id.deposit, cluster_id: clusterId};
    const upsert = (update: UpdateFilter<DepositDocument>, free: object = {}): AnyBulkWriteOperation<DepositDocument> => ({
      updateOne: {filter: {...unsigned, ...free}, update: {...update, $setOnInsert: own}, upsert: true},
    });
    if ("signature" in change) {
      const {signature} = change;
      return upsert({$set: {signature, unpublished_since: now}, $unset: {shares: "", refusals: "", collecting: ""}});
    }
    if ("refusal" in change) {
      const {shareIndex, refusal} = change;
      const free = {[`shares.${shareIndex}`]: {$exists: false}};
      const {$set, ...first} = toRefusalUpdate(shareIndex, refusal);
      return upsert({$set: {...$set, collecting: true}, ...first}, free);
    }
    const {set, unset, free} = toShareUpdate(change.shares);
    return upsert({$set: {...set, collecting: true}, $unset: unset}, free);
  };

  return {
    async createIndexes(): Promise<void> {
      await guard(async () => {
        const held = {partialFilterExpression: {collecting: true}, name: "collecting"};
        await collection.createIndex({network: 1, _id: 1}, held);
        const owed = {partialFilterExpression: {unpublished_since: {$exists: true}}, name: "unpublished"};
        await collection.createIndex({network: 1, unpublished_since: 1}, owed);
      });
    },

    /** The signatures, by deposit key, of the deposits that have one. */
    findSignatures: (ids: readonly DepositId[]): Promise<ReadonlyMap<string, string>> =>
      guard(async () => {
        if (ids.length === 0) return new Map();
        const signed = {_id: {$in: ids.map(depositKeyOf)}, signature: {$exists: true}};
        const found = await collection.find(signed).toArray();
        const fit = found.flatMap((it) => reader.readFit(it) ?? []);
        return new Map(fit.flatMap(({_id, signature}) => (signature === undefined ? [] : [[_id, signature]])));
      }),

    /** The progress of each deposit, by deposit key, if anything was ever stored of it; STORED_INVALID for a single one. */
    findAll: (ids: readonly DepositId[]): Promise<ReadonlyMap<string, CollectedDeposit | DvtError>> =>
      guard(async () => {
        if (ids.length === 0) return new Map();
        const found = await collection.find({_id: {$in: ids.map(depositKeyOf)}}).toArray();
        return new Map(
          found.map((it) => {
            const document = reader.read(it);
            return [it._id, document instanceof DvtError ? document : toCollected(document)];
          }),
        );
      }),

    /**
     * Stores shares and refusals unless a share has the share index of one, and signatures; none of it if there is a signature
     * already. Returns the keys of the changes that lost a race: read those again. A deposit may appear in the changes once.
     */
    write: (changes: readonly DepositChange[], now: number): Promise<ReadonlySet<string>> =>
      guard(async () => {
        const writes = changes.map((change) => toWrite(change, now));
        // A document that does not match exists in another state: inserting it then fails as a duplicate.
        const taken = await takenBy(() => collection.bulkWrite(writes, {ordered: false}));
        return new Set(taken.map((position) => depositKeyOf((changes[position] as DepositChange).id)));
      }),

    /** Deletes a share if it is still this one, so that a good one can be stored. */
    removeShare: (id: DepositId, shareIndex: number, share: Uint8Array): Promise<void> =>
      guard(async () => {
        const place = `shares.${shareIndex}`;
        await collection.updateOne({_id: depositKeyOf(id), [place]: new Binary(share)}, {$unset: {[place]: ""}});
      }),

    /** Marks the signatures of these deposits as published. */
    markPublished: (ids: readonly DepositId[]): Promise<void> =>
      guard(async () => {
        const owed = {_id: {$in: ids.map(depositKeyOf)}, unpublished_since: {$exists: true}};
        await collection.updateMany(owed, {$unset: {unpublished_since: ""}});
      }),

    /** Signatures written before `before` whose completion may not have been published. */
    findUnpublished: (before: number, pageSize: number): AsyncGenerator<SignedDeposit[]> => {
      const owed = {network: network.name, unpublished_since: {$lte: before}};
      return readPages(collection.find(owed, {batchSize: pageSize}), pageSize, (found) => {
        const document = reader.readFit(found);
        if (document?.signature !== undefined) return {...toId(document), signature: document.signature};
        if (document) reader.refuse(document, "it is marked unpublished, but has no signature");
        return undefined;
      });
    },

    /** Deposits without a signature that have shares or refusals. */
    findCollecting: (pageSize: number): AsyncGenerator<DepositId[]> =>
      readPages(collection.find({network: network.name, collecting: true}, {batchSize: pageSize}), pageSize, (found) => {
        const document = reader.readFit(found);
        return document && toId(document);
      }),

    /** Deletes the documents of deposits without a signature. */
    drop: (ids: readonly DepositId[]): Promise<void> =>
      guard(async () => {
        await collection.deleteMany({_id: {$in: ids.map(depositKeyOf)}, signature: {$exists: false}});
      }),
  };
}
