import type {Collection, Filter} from "mongodb";
import {DvtError} from "../errors.js";
import {validatorKeyOf} from "../exits/exitId.js";
import {
  type AskedDocument,
  type DepositClaim,
  laterRequest,
  mergeAsked,
  type ToRequesters,
  toAsked,
  toAskedDocument,
} from "./askedDeposit.js";
import {guard, takenBy} from "./connect.js";
import type {Reader} from "./reader.js";
import {
  type Ask,
  notYet,
  type RequestDocument,
  type RequestState,
  type StoredRequest,
  toDocument,
  toPrevious,
  toReopened,
  toStoredRequest,
} from "./requestDocument.js";

/** The outcome of a request for the current exit of a key. */
export type Claim =
  /**
   * It is current, and the key had no other index before; `isNew` if nobody had requested the key. `requestedAt` is that of the
   * latest request, `dueAt` the time to issue it again.
   */
  | ({outcome: "current"; isNew: boolean; state: RequestState; requestedAt: number; dueAt: number} & DepositClaim)
  /** It is current and replaces `previous`, which will never be completed. */
  | ({outcome: "superseding"; previous: StoredRequest; dueAt: number} & DepositClaim)
  /** A later request gave the key another index. */
  | {outcome: "superseded"; by: number}
  /** This very request has expired. */
  | {outcome: "expired"}
  /** The stored document is not one that a relayer wrote. */
  | {outcome: "unreadable"};

/** The deposit, if it is to be removed because the next state has none. */
const withoutDeposit = (head: RequestDocument, next: AskedDocument | undefined) =>
  head.deposit && !next ? {deposit: "" as const} : {};

type ClaimOptions = {readonly reader: Reader<RequestDocument>; readonly toRequestersOf: (publicKey: string) => ToRequesters};

/** Decides which exit of a key is current. */
export function createClaims(collection: Collection<RequestDocument>, {reader, toRequestersOf}: ClaimOptions) {
  const toFirst = (ask: Ask, dueAt: number): Claim => ({
    outcome: "current",
    isNew: true,
    state: "open",
    requestedAt: ask.requestedAt,
    dueAt,
    deposit: toAsked(toAskedDocument(ask), toRequestersOf(ask.exit.publicKey)),
  });
  /** Returns the ids that already existed. */
  const insertNew = async (documents: RequestDocument[]): Promise<Set<string>> => {
    const taken = await takenBy(() => collection.insertMany(documents, {ordered: false}));
    return new Set(taken.map((position) => documents[position]?._id ?? ""));
  };

  /**
   * Reads, decides, and writes only if nothing changed meanwhile; otherwise starts over. Each lost round means that another claim
   * won.
   */
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
      const toRequesters = toRequestersOf(head.public_key);
      const unchanged = {
        _id: head._id,
        validator_index: head.validator_index,
        requested_at: head.requested_at,
        state: head.state,
        deposit: head.deposit ?? {$exists: false},
      } as Filter<RequestDocument>;
      if (head.validator_index !== ask.exit.validatorIndex) {
        if (ask.requestedAt <= head.requested_at) return {outcome: "superseded", by: head.validator_index};
        const {_id, ...current} = fresh;
        const next = {...current, ...toPrevious(head, now)};
        // A deposit belongs to its exit: that of the old index was requested with an exit that is superseded now.
        const removed = {answered_for: "", registered: "", ...notYet, ...withoutDeposit(head, next.deposit)} as const;
        const {matchedCount} = await collection.updateOne(unchanged, {$set: next, $unset: removed});
        if (matchedCount === 1)
          return {
            outcome: "superseding",
            previous: toStoredRequest(head, toRequesters),
            dueAt: next.due_at,
            deposit: toAsked(next.deposit, toRequesters),
          };
        continue;
      }
      if (head.state === "expired" && ask.requestedAt <= head.requested_at) return {outcome: "expired"};
      const requestedAt = Math.max(head.requested_at, ask.requestedAt);
      const isExpired = head.state === "expired";
      const reopened = isExpired ? toReopened({now, dueAt: fresh.due_at, openedAt: fresh.opened_at}) : undefined;
      const {current: deposit, replaced} = mergeAsked(isExpired ? undefined : head.deposit, ask);
      const removed = {...reopened?.$unset, ...withoutDeposit(head, deposit)};
      const {matchedCount} = await collection.updateOne(unchanged, {
        $set: {
          ...reopened?.$set,
          cluster_id: ask.clusterId,
          requested_at: requestedAt,
          ...(deposit && {deposit}),
          [`operators.${ask.operatorId}`]: laterRequest(head.operators[ask.operatorId], ask),
        },
        ...(Object.keys(removed).length > 0 && {$unset: removed}),
      });
      const state = isExpired ? "open" : head.state;
      const dueAt = isExpired ? fresh.due_at : head.due_at;
      const deposits = {deposit: toAsked(deposit, toRequesters), replaced: toAsked(replaced, toRequesters)};
      if (matchedCount === 1) return {outcome: "current", isNew: false, state, requestedAt, dueAt, ...deposits};
    }
  };

  return {
    /**
     * Makes each exit, and the deposit requested with it, the current one of its key unless a later request won, and adds the
     * operator to its requesters. The current exit only moves forward in requested_at. Returns a claim for each ask, in order; a
     * key may appear in the asks once.
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
