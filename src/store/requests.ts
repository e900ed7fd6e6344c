import type {Collection, Db, Filter, MatchKeysAndValues} from "mongodb";
import {type ExitId, validatorKeyOf} from "../exits/exitId.js";
import type {AskedDeposit} from "./askedDeposit.js";
import {createClaims} from "./claims.js";
import {guard} from "./connect.js";
import {inPieces} from "./inPieces.js";
import {type Head, type RequestDocument, type RequestState, toHead} from "./requestDocument.js";

export type Requests = ReturnType<typeof createRequests>;

/** Which exit of each key is current, and what became of it. */
export function createRequests(db: Db) {
  const collection: Collection<RequestDocument> = db.collection("requests");

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
    ...createClaims(collection),

    async createIndexes(): Promise<void> {
      await guard(async () => {
        await collection.createIndex({due_at: 1}, {partialFilterExpression: {state: "open"}, name: "open_by_due_at"});
        const answered = {partialFilterExpression: {state: "answered"}, name: "answered_by_set"};
        await collection.createIndex({network: 1, registered: 1, answered_for: 1}, answered);
      });
    },

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
