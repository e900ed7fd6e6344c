import type {Collection, Filter} from "mongodb";
import {DvtError} from "../errors.js";
import {validatorKeyOf} from "../exits/exitId.js";
import {type AskedDocument, type DepositClaim, mergeAsked, type ToAskers, toAsked, toAskedDocument} from "./askedDeposit.js";
import {guard, takenBy} from "./connect.js";
import type {Reader} from "./reader.js";
import {
  type Ask,
  type RequestDocument,
  type RequestState,
  type StoredRequest,
  toDocument,
  toStoredRequest,
} from "./requestDocument.js";

export type Claim =
  /**
   * It is current now, nobody had asked for this key at another index, or at all where it is new; `requestedAt` is that of the
   * latest who did, `dueAt` when it is to be issued again.
   */
  | ({outcome: "current"; isNew: boolean; state: RequestState; requestedAt: number; dueAt: number} & DepositClaim)
  /** It is current now; `previous` was until then and never will be answered. */
  | ({outcome: "superseding"; previous: StoredRequest; dueAt: number} & DepositClaim)
  /** A later request gave the key another index. */
  | {outcome: "superseded"; by: number}
  /** This very request has expired. */
  | {outcome: "expired"}
  /** What is stored of the key is not what a relayer wrote. */
  | {outcome: "unreadable"};

/** Takes a deposit away that the document is not to have any more. */
const withoutDeposit = (head: RequestDocument, next: AskedDocument | undefined) =>
  head.deposit && !next ? {$unset: {deposit: "" as const}} : {};

type Reading = {readonly reader: Reader<RequestDocument>; readonly toAskersOf: (publicKey: string) => ToAskers};

/** How the current exit of a key is decided. */
export function createClaims(collection: Collection<RequestDocument>, {reader, toAskersOf}: Reading) {
  const toFirst = (ask: Ask, dueAt: number): Claim => ({
    outcome: "current",
    isNew: true,
    state: "open",
    requestedAt: ask.requestedAt,
    dueAt,
    deposit: toAsked(toAskedDocument(ask), toAskersOf(ask.exit.publicKey)),
  });
  /** The ids that were taken. */
  const insertNew = async (documents: RequestDocument[]): Promise<Set<string>> => {
    const taken = await takenBy(() => collection.insertMany(documents, {ordered: false}));
    return new Set(taken.map((position) => documents[position]?._id ?? ""));
  };

  /** Read, decide, write only if nothing changed meanwhile; else again. Every turn lost means that another claim won. */
  const claimExisting = async (ask: Ask, now: number, reissueAfterMs: number): Promise<Claim> => {
    const fresh = toDocument(ask, now, reissueAfterMs);
    for (;;) {
      const found = await collection.findOne({_id: fresh._id});
      if (!found) {
        const taken = await insertNew([fresh]);
        if (taken.size === 0) return toFirst(ask, fresh.due_at);
        continue;
      }
      const head = reader.read(found);
      if (head instanceof DvtError) return {outcome: "unreadable"};
      const toAskers = toAskersOf(head.public_key);
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
        if (matchedCount === 1)
          return {
            ...{outcome: "superseding", previous: toStoredRequest(head, toAskers), dueAt: next.due_at},
            deposit: toAsked(next.deposit, toAskers),
          };
        continue;
      }
      if (head.state === "expired" && ask.requestedAt <= head.requested_at) return {outcome: "expired"};
      const requestedAt = Math.max(head.requested_at, ask.requestedAt);
      const isExpired = head.state === "expired";
      const reopened = isExpired ? {state: fresh.state, opened_at: now, due_at: fresh.due_at, issues: 1} : {};
      const {current: deposit, replaced} = mergeAsked(isExpired ? undefined : head.deposit, ask);
      const {matchedCount} = await collection.updateOne(unchanged, {
        $set: {
          ...{...reopened, cluster_id: ask.clusterId, requested_at: requestedAt, ...(deposit && {deposit})},
          [`operators.${ask.operatorId}`]: ask.requestedAt,
        },
        ...withoutDeposit(head, deposit),
      });
      const state = isExpired ? "open" : head.state;
      const dueAt = isExpired ? fresh.due_at : head.due_at;
      const deposits = {deposit: toAsked(deposit, toAskers), replaced: toAsked(replaced, toAskers)};
      if (matchedCount === 1) return {outcome: "current", isNew: false, state, requestedAt, dueAt, ...deposits};
    }
  };

  return {
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
            taken.has(validatorKeyOf(ask.exit)) ? claimExisting(ask, now, reissueAfterMs) : toFirst(ask, now + reissueAfterMs),
          ),
        );
      }),
  };
}
