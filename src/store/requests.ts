import type {AnyBulkWriteOperation, Collection, Db, Filter, UpdateFilter} from "mongodb";
import type {NetworkName} from "../../schemas/fields.js";
import {DvtError} from "../errors.js";
import {type ExitId, validatorKeyOf} from "../exits/exitId.js";
import type {AskedDeposit} from "./askedDeposit.js";
import {createClaims} from "./claims.js";
import {guard} from "./connect.js";
import {inPieces} from "./inPieces.js";
import {readPages} from "./readPages.js";
import {type RequestDocument, type RequestState, type StoredRequest, toReopened} from "./requestDocument.js";
import {createRequestReader, type RequestReaderOptions} from "./requestReader.js";

/** The exits that operators have requested. */
export type Requests = ReturnType<typeof createRequests>;

/** When it is due next, how often it was issued then, and when sidecars are asked for it now, if they are. */
type Reissue = {readonly dueAt: number; readonly issues?: number; readonly reissuedAt?: number};

/** An operator has the exit's result; `answeredFor`: the oracle set of the result, if nobody needs anything more. */
type Taken = {
  readonly exit: ExitId;
  readonly request: StoredRequest;
  readonly operatorId: string;
  readonly at: number;
  readonly answeredFor?: string;
};

/** Opens the collection of requests: the current exit of each key and its state. */
export function createRequests(db: Db, options: RequestReaderOptions) {
  const collection: Collection<RequestDocument> = db.collection("requests");
  const {reader, toRequestersOf, read, readFit} = createRequestReader(options);

  type Move = {exit: ExitId; from: RequestState; to: UpdateFilter<RequestDocument>; where?: Filter<RequestDocument>};
  /** Only while this exit is current and in this state. */
  const moveState = ({exit, from, to, where = {}}: Move): Promise<boolean> =>
    guard(async () => {
      const current = {_id: validatorKeyOf(exit), validator_index: exit.validatorIndex, state: from, ...where};
      return (await collection.updateOne(current, to)).matchedCount === 1;
    });
  /** Matches only if no other deposit was requested meanwhile. */
  const stillAsked = (deposit: AskedDeposit | undefined): Filter<RequestDocument> => ({
    "deposit.requested_at": deposit?.requestedAt ?? {$exists: false},
  });

  return {
    ...createClaims(collection, {reader, toRequestersOf}),

    async createIndexes(): Promise<void> {
      await guard(async () => {
        await collection.createIndex({due_at: 1}, {partialFilterExpression: {state: "open"}, name: "open_by_due_at"});
        const answered = {partialFilterExpression: {state: "answered"}, name: "answered_by_set"};
        await collection.createIndex({network: 1, registered: 1, answered_for: 1}, answered);
        // The _id orders those of one time, so that a page can begin where the one before ended.
        await collection.createIndex({cluster_id: 1, state: 1, opened_at: 1, _id: 1}, {name: "by_state"});
        const superseding = {partialFilterExpression: {superseded_at: {$exists: true}}, name: "by_superseding"};
        await collection.createIndex({cluster_id: 1, superseded_at: 1, _id: 1}, superseding);
      });
    },

    /** The current exit of the key, or undefined if nobody who may has requested it; STORED_INVALID. */
    find: (exit: Pick<ExitId, "network" | "publicKey">): Promise<StoredRequest | undefined> =>
      guard(async () => {
        const found = await collection.findOne({_id: validatorKeyOf(exit)});
        const head = found && read(found);
        if (head instanceof DvtError) throw head;
        return head && head.requesters.size > 0 ? head : undefined;
      }),

    /** The current exits of the keys, by validator key, that someone who may has requested; STORED_INVALID for a single one. */
    findAll: (exits: readonly Pick<ExitId, "network" | "publicKey">[]): Promise<ReadonlyMap<string, StoredRequest | DvtError>> =>
      guard(async () => {
        const found = await inPieces(exits.map(validatorKeyOf), (ids) => collection.find({_id: {$in: ids}}).toArray());
        return new Map(
          found.flatMap((it): [string, StoredRequest | DvtError][] => {
            const head = read(it);
            return head instanceof DvtError || head.requesters.size > 0 ? [[it._id, head]] : [];
          }),
        );
      }),

    /** The public keys (in hex) whose exit is open. */
    findOpen: (network: string, publicKeys: readonly string[]): Promise<string[]> =>
      guard(async () => {
        const ids = publicKeys.map((publicKey) => `${network}:${publicKey}`);
        const open = collection.find({_id: {$in: ids}, state: "open"}, {projection: {_id: 1}});
        return (await open.toArray()).map(({_id}) => _id.slice(network.length + 1));
      }),

    /** The current exits of the keys (in hex) that are open. */
    findOpenOf: (network: NetworkName, publicKeys: readonly string[]): Promise<StoredRequest[]> =>
      guard(async () => {
        const ids = publicKeys.map((publicKey) => `${network}:${publicKey}`);
        const found = await inPieces(ids, (some) => collection.find({_id: {$in: some}, state: "open"}).toArray());
        return found.flatMap((document) => readFit(document) ?? []);
      }),

    /** The open exits with a deposit that has not expired, by validator key. */
    findOpenWithDeposit: (network: NetworkName): Promise<ReadonlyMap<string, StoredRequest>> =>
      guard(async () => {
        // Any time matches: due_at is in the filter so that the index on open requests is used.
        const open = {state: "open" as const, network, due_at: {$gte: 0}};
        const found = collection.find({...open, deposit: {$exists: true}, "deposit.expired": {$exists: false}});
        const heads = (await found.toArray()).flatMap((document) => readFit(document) ?? []);
        return new Map(heads.filter(({requesters}) => requesters.size > 0).map((head) => [`${network}:${head.publicKey}`, head]));
      }),

    /** Open requests of the network that are due, the longest overdue first, including those without an allowed requester. */
    findDue: (network: NetworkName, now: number, pageSize: number): AsyncGenerator<StoredRequest[]> => {
      const due = collection.find({state: "open", network, due_at: {$lte: now}}, {batchSize: pageSize}).sort({due_at: 1});
      return readPages(due, pageSize, readFit);
    },

    /** Postpones it; false if another relayer or a completion was first. */
    claimReissue: (exit: ExitId, head: StoredRequest, {dueAt, issues = head.issues + 1, reissuedAt}: Reissue): Promise<boolean> =>
      guard(async () => {
        const unchanged = {
          _id: validatorKeyOf(exit),
          validator_index: exit.validatorIndex,
          state: "open" as const,
          due_at: head.dueAt,
        };
        const reissued = reissuedAt !== undefined && {reissued_at: reissuedAt};
        return (await collection.updateOne(unchanged, {$set: {due_at: dueAt, issues, ...reissued}})).matchedCount === 1;
      }),

    /** Makes the relayer's next sweep request it again; false unless it is current and open. */
    makeDue: (exit: ExitId): Promise<boolean> => moveState({exit, from: "open", to: {$set: {due_at: 0}}}),

    /** Marks it answered for this oracle set, unless another deposit than this one was requested meanwhile. */
    markAnswered: (exit: ExitId, oraclesConfigHash: string, deposit?: AskedDeposit): Promise<boolean> =>
      moveState({
        exit,
        from: "open",
        to: {$set: {state: "answered", answered_for: oraclesConfigHash}},
        where: stillAsked(deposit),
      }),

    /** Records who has which results, and marks those exits answered that need nothing more; none that changed meanwhile. */
    addTaken: (taken: readonly Taken[]): Promise<void> =>
      guard(async () => {
        const writes = taken.map(({exit, request, operatorId, at, answeredFor}): AnyBulkWriteOperation<RequestDocument> => {
          const filter = {
            _id: validatorKeyOf(exit),
            validator_index: exit.validatorIndex,
            state: request.state,
            requested_at: request.requestedAt,
            ...stillAsked(request.deposit),
          };
          const answered = answeredFor !== undefined && {state: "answered" as const, answered_for: answeredFor};
          return {updateOne: {filter, update: {$set: {[`taken.${operatorId}`]: at, ...answered}}}};
        });
        if (writes.length > 0) await collection.bulkWrite(writes, {ordered: false});
      }),

    /** Marks the exit answered and its deposit expired. */
    markDepositExpired: (exit: ExitId, oraclesConfigHash: string, deposit: AskedDeposit): Promise<boolean> =>
      moveState({
        exit,
        from: "open",
        to: {$set: {state: "answered", answered_for: oraclesConfigHash, "deposit.expired": true}},
        where: stillAsked(deposit),
      }),

    /** Marks an open exit expired, or one that was answered for another oracle set. */
    markExpired: (exit: ExitId, from: "open" | "answered" = "open"): Promise<boolean> =>
      moveState({exit, from, to: {$set: {state: "expired"}}}),

    /** Reopens an exit that was answered for another oracle set, or before its deposit was requested. */
    reopen: (exit: ExitId, now: number, reissueAfterMs: number, openedAt = now): Promise<boolean> =>
      moveState({exit, from: "answered", to: toReopened({now, dueAt: now + reissueAfterMs, openedAt})}),

    /** Answered requests of the network that are neither answered for this oracle set nor registered. */
    findStale: (network: NetworkName, oraclesConfigHash: string, pageSize: number): AsyncGenerator<StoredRequest[]> => {
      const stale = {
        state: "answered" as const,
        network,
        registered: {$exists: false},
        answered_for: {$ne: oraclesConfigHash},
      };
      return readPages(collection.find(stale as Filter<RequestDocument>, {batchSize: pageSize}), pageSize, readFit);
    },

    /** Records that there is a result for this oracle set, which nobody has taken yet. */
    markAnsweredFor: (exit: ExitId, oraclesConfigHash: string): Promise<boolean> =>
      moveState({exit, from: "answered", to: {$set: {answered_for: oraclesConfigHash}, $unset: {taken: ""}}}),

    /** Records that the network has these validators, so that no other oracle set needs a result. */
    markRegistered: (exits: readonly ExitId[]): Promise<void> =>
      guard(async () => {
        const current = exits.map((exit) => ({_id: validatorKeyOf(exit), validator_index: exit.validatorIndex}));
        if (current.length > 0) await collection.updateMany({$or: current, state: "answered"}, {$set: {registered: true}});
      }),
  };
}
