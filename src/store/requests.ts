import type {Collection, Db, Filter, MatchKeysAndValues} from "mongodb";
import type {Deposit} from "../../schemas/deposit.js";
import {type ExitId, validatorKeyOf} from "../exits/exitId.js";
import {type AskedDeposit, type AskedDocument, type DepositClaim, mergeAsked, toAsked, toAskedDocument} from "./askedDeposit.js";
import {guard, takenBy} from "./connect.js";
import {inPieces} from "./inPieces.js";

/**
 * open: asked for, no result known, or no signature of its deposit. answered: both were seen. expired: no result came within
 * EXIT_LIFETIME.
 */
export type RequestState = "open" | "answered" | "expired";

/** The one current exit of a validator key and who asked for it. Written by the relayer only. */
type RequestDocument = {
  /** network:public_key */
  _id: string;
  network: string;
  public_key: string;
  cluster_id: string;
  validator_index: number;
  requested_at: number;
  operators: string[];
  state: RequestState;
  opened_at: number;
  /** When to issue it again if it is still open, and how often that was done. */
  due_at: number;
  issues: number;
  /** To be signed with this exit. */
  deposit?: AskedDocument;
  /** oracles_config_hash of the result that answered it; none where that was before there was this field. */
  answered_for?: string;
  /** The network has the validator: its exit stays answered for the set that it was answered for. */
  registered?: true;
};

export type Ask = {exit: ExitId; clusterId: string; operatorId: string; requestedAt: number; deposit?: Deposit | undefined};

export type Head = {
  validatorIndex: number;
  requestedAt: number;
  operatorIds: readonly string[];
  state: RequestState;
  clusterId: string;
  publicKey: string;
  openedAt: number;
  dueAt: number;
  issues: number;
  deposit: AskedDeposit | undefined;
  /** Of the result that answered it, where that is known. */
  answeredFor: string | undefined;
};

export type Claim =
  /**
   * It is current now, nobody had asked for this key at another index, or at all where it is new; `requestedAt` is that of the
   * latest who did.
   */
  | ({outcome: "current"; isNew: boolean; state: RequestState; requestedAt: number} & DepositClaim)
  /** It is current now; `previous` was until then and never will be answered. */
  | ({outcome: "superseding"; previous: Head} & DepositClaim)
  /** A later request gave the key another index. */
  | {outcome: "superseded"; by: number}
  /** This very request has expired. */
  | {outcome: "expired"};

/** Takes a deposit away that the document is not to have any more. */
const withoutDeposit = (head: RequestDocument, next: AskedDocument | undefined) =>
  head.deposit && !next ? {$unset: {deposit: "" as const}} : {};

const toFirst = (ask: Ask): Claim => ({
  outcome: "current",
  isNew: true,
  state: "open",
  requestedAt: ask.requestedAt,
  deposit: toAsked(toAskedDocument(ask)),
});

export type Requests = ReturnType<typeof createRequests>;

const toHead = (document: RequestDocument): Head => ({
  validatorIndex: document.validator_index,
  requestedAt: document.requested_at,
  operatorIds: document.operators,
  state: document.state,
  clusterId: document.cluster_id,
  publicKey: document.public_key,
  openedAt: document.opened_at,
  dueAt: document.due_at,
  issues: document.issues,
  deposit: toAsked(document.deposit),
  answeredFor: document.answered_for,
});

export function createRequests(db: Db) {
  const collection: Collection<RequestDocument> = db.collection("requests");

  const toDocument = (ask: Ask, now: number, reissueAfterMs: number): RequestDocument => {
    const {exit, clusterId, operatorId, requestedAt} = ask;
    const deposit = toAskedDocument(ask);
    return {
      _id: validatorKeyOf(exit),
      network: exit.network.name,
      public_key: exit.publicKey,
      cluster_id: clusterId,
      validator_index: exit.validatorIndex,
      requested_at: requestedAt,
      operators: [operatorId],
      state: "open",
      opened_at: now,
      due_at: now + reissueAfterMs,
      issues: 1,
      ...(deposit && {deposit}),
    };
  };

  /** The ids that were taken. */
  const insertNew = async (documents: RequestDocument[]): Promise<Set<string>> => {
    const taken = await takenBy(() => collection.insertMany(documents, {ordered: false}));
    return new Set(taken.map((position) => documents[position]?._id ?? ""));
  };

  /** Read, decide, write only if nothing changed meanwhile; else again. Every turn lost means that another claim won. */
  const claimExisting = async (ask: Ask, now: number, reissueAfterMs: number): Promise<Claim> => {
    const fresh = toDocument(ask, now, reissueAfterMs);
    for (;;) {
      const head = await collection.findOne({_id: fresh._id});
      if (!head) {
        const taken = await insertNew([fresh]);
        if (taken.size === 0) return toFirst(ask);
        continue;
      }
      const unchanged = {
        _id: head._id,
        validator_index: head.validator_index,
        requested_at: head.requested_at,
        state: head.state,
        deposit: head.deposit ?? {$exists: false},
      } as Filter<RequestDocument>;
      if (head.validator_index !== ask.exit.validatorIndex) {
        if (ask.requestedAt <= head.requested_at) return {outcome: "superseded", by: head.validator_index};
        const {_id, ...next} = fresh;
        // A deposit goes with its exit: that of the old index was asked for with an exit that nobody wants any more.
        const gone = {answered_for: "", registered: "", ...withoutDeposit(head, next.deposit).$unset} as const;
        const {matchedCount} = await collection.updateOne(unchanged, {$set: next, $unset: gone});
        if (matchedCount === 1) return {outcome: "superseding", previous: toHead(head), deposit: toAsked(next.deposit)};
        continue;
      }
      if (head.state === "expired" && ask.requestedAt <= head.requested_at) return {outcome: "expired"};
      const requestedAt = Math.max(head.requested_at, ask.requestedAt);
      const isExpired = head.state === "expired";
      const reopened = isExpired ? {state: fresh.state, opened_at: now, due_at: fresh.due_at, issues: 1} : {};
      const {current: deposit, replaced} = mergeAsked(isExpired ? undefined : head.deposit, ask);
      const {matchedCount} = await collection.updateOne(unchanged, {
        $addToSet: {operators: ask.operatorId},
        $set: {...reopened, cluster_id: ask.clusterId, requested_at: requestedAt, ...(deposit && {deposit})},
        ...withoutDeposit(head, deposit),
      });
      const state = isExpired ? "open" : head.state;
      const deposits = {deposit: toAsked(deposit), replaced: toAsked(replaced)};
      if (matchedCount === 1) return {outcome: "current", isNew: false, state, requestedAt, ...deposits};
    }
  };

  type Move = {exit: ExitId; from: RequestState; to: MatchKeysAndValues<RequestDocument>; where?: Filter<RequestDocument>};
  /** Only while this exit is current and in this state. */
  const moveState = ({exit, from, to, where = {}}: Move): Promise<boolean> =>
    guard(async () => {
      const current = {_id: validatorKeyOf(exit), validator_index: exit.validatorIndex, state: from, ...where};
      return (await collection.updateOne(current, {$set: to})).matchedCount === 1;
    });
  /** A deposit that was asked for meanwhile is still to come. */
  const stillAsked = (deposit: AskedDeposit | undefined): Filter<RequestDocument> => ({
    "deposit.requested_at": deposit?.requestedAt ?? {$exists: false},
  });

  return {
    async createIndexes(): Promise<void> {
      await guard(async () => {
        await collection.createIndex({due_at: 1}, {partialFilterExpression: {state: "open"}, name: "open_by_due_at"});
        const answered = {partialFilterExpression: {state: "answered"}, name: "answered_by_set"};
        await collection.createIndex({network: 1, registered: 1, answered_for: 1}, answered);
      });
    },

    /**
     * Makes each exit the current one of its key where it may, and adds the operator to those who asked; likewise the deposit
     * that is to go with it. The head moves only forward in requested_at. Claims come back in the order of the asks; a key
     * stands in them once.
     */
    claim: (asks: readonly Ask[], now: number, reissueAfterMs: number): Promise<Claim[]> =>
      guard(async () => {
        const taken = await insertNew(asks.map((ask) => toDocument(ask, now, reissueAfterMs)));
        return Promise.all(
          asks.map((ask): Claim | Promise<Claim> =>
            taken.has(validatorKeyOf(ask.exit)) ? claimExisting(ask, now, reissueAfterMs) : toFirst(ask),
          ),
        );
      }),

    /** What is current for the key, or undefined when nobody asked for it. */
    find: (exit: Pick<ExitId, "network" | "publicKey">): Promise<Head | undefined> =>
      guard(async () => {
        const document = await collection.findOne({_id: validatorKeyOf(exit)});
        return document ? toHead(document) : undefined;
      }),

    /** What is current, by validator key, for those among the keys that anybody asked for. */
    findAll: (exits: readonly Pick<ExitId, "network" | "publicKey">[]): Promise<ReadonlyMap<string, Head>> =>
      guard(async () => {
        const found = await inPieces(exits.map(validatorKeyOf), (ids) => collection.find({_id: {$in: ids}}).toArray());
        return new Map(found.map((document) => [document._id, toHead(document)]));
      }),

    /** Those of the validators (public keys in hex) whose exit is open. */
    findOpen: (network: string, publicKeys: readonly string[]): Promise<string[]> =>
      guard(async () => {
        const ids = publicKeys.map((publicKey) => `${network}:${publicKey}`);
        const open = collection.find({_id: {$in: ids}, state: "open"}, {projection: {public_key: 1}});
        return (await open.toArray()).map(({public_key}) => public_key);
      }),

    /** By validator key, those whose exit is open and goes with a deposit that has not expired. */
    findOpenWithDeposit: (network: string): Promise<ReadonlyMap<string, Head>> =>
      guard(async () => {
        // Any time will do: it is what the index on open ones is by, so that no others are read.
        const open = {state: "open" as const, network, due_at: {$gte: 0}};
        const found = collection.find({...open, deposit: {$exists: true}, "deposit.expired": {$exists: false}});
        return new Map((await found.toArray()).map((document) => [document._id, toHead(document)]));
      }),

    /** Open ones of the network whose time has come, the longest overdue first. */
    findDue: (network: string, now: number, limit: number): Promise<Head[]> =>
      guard(async () => {
        const due = collection
          .find({state: "open", network, due_at: {$lte: now}})
          .sort({due_at: 1})
          .limit(limit);
        return (await due.toArray()).map(toHead);
      }),

    /** Postpones it; false when another relayer, or an answer, came first. */
    claimReissue: (exit: ExitId, head: Head, nextDueAt: number): Promise<boolean> =>
      guard(async () => {
        const unchanged = {
          _id: validatorKeyOf(exit),
          validator_index: exit.validatorIndex,
          state: "open" as const,
          due_at: head.dueAt,
        };
        return (await collection.updateOne(unchanged, {$set: {due_at: nextDueAt, issues: head.issues + 1}})).matchedCount === 1;
      }),

    /** Asked for again at the relayer's next sweep; false unless it is current and open. */
    makeDue: (exit: ExitId, now: number): Promise<boolean> => moveState({exit, from: "open", to: {due_at: now}}),

    /** For this oracle set, with the deposit that is known to be signed, or to need no signature any more. */
    markAnswered: (exit: ExitId, oraclesConfigHash: string, deposit?: AskedDeposit): Promise<boolean> =>
      moveState({exit, from: "open", to: {state: "answered", answered_for: oraclesConfigHash}, where: stillAsked(deposit)}),
    /** The exit is answered, its deposit never will be. */
    markDepositExpired: (exit: ExitId, oraclesConfigHash: string, deposit: AskedDeposit): Promise<boolean> =>
      moveState({
        exit,
        from: "open",
        to: {state: "answered", answered_for: oraclesConfigHash, "deposit.expired": true},
        where: stillAsked(deposit),
      }),
    markExpired: (exit: ExitId): Promise<boolean> => moveState({exit, from: "open", to: {state: "expired"}}),
    /** Answered for another oracle set, or before this deposit was asked for: something is still to come. */
    reopen: (exit: ExitId, now: number, reissueAfterMs: number): Promise<boolean> =>
      moveState({exit, from: "answered", to: {state: "open", opened_at: now, due_at: now + reissueAfterMs, issues: 1}}),

    /** Answered ones of the network that are not known to be answered for this oracle set, nor to be registered. */
    findStale: (network: string, oraclesConfigHash: string, limit: number): Promise<Head[]> =>
      guard(async () => {
        const stale = {
          ...{state: "answered" as const, network},
          registered: {$exists: false},
          answered_for: {$ne: oraclesConfigHash},
        };
        return (await collection.find(stale).limit(limit).toArray()).map(toHead);
      }),

    /** That there is a result for this set too. */
    markAnsweredFor: (exit: ExitId, oraclesConfigHash: string): Promise<boolean> =>
      moveState({exit, from: "answered", to: {answered_for: oraclesConfigHash}}),

    /** The network has their validators, so that no other set needs an answer. */
    markRegistered: (exits: readonly ExitId[]): Promise<void> =>
      guard(async () => {
        const current = exits.map((exit) => ({_id: validatorKeyOf(exit), validator_index: exit.validatorIndex}));
        if (current.length > 0) await collection.updateMany({$or: current, state: "answered"}, {$set: {registered: true}});
      }),
  };
}
