import {DvtError} from "../../errors.js";
import {validatorKeyOf} from "../../exits/exitId.js";
import type {HeldShares} from "../../store/heldShares.js";
import type {StoredRequest} from "../../store/requestDocument.js";
import type {CurrentRequest, RequestOf, ValidatorId} from "./currentRequest.js";
import {type OpenGroup, type Outcome, type SettledShares, type ShareGroup, settle} from "./shareGroup.js";

/** A group's request and its stored document. */
export type FoundGroup<S> = {readonly head: StoredRequest; readonly request: CurrentRequest; readonly stored: S | undefined};

/** The next step for a group: none, to publish its stored result, or to collect its shares. */
export type Decision<R> = {readonly outcome: Outcome} | {readonly owed: R} | "collect";

/** The answers of the database, and how to read them. */
type Findings<Id, S, R> = {
  /** By validator key. */
  readonly heads: ReadonlyMap<string, StoredRequest | DvtError>;
  /** By group key. */
  readonly stored: ReadonlyMap<string, S | DvtError>;
  readonly requestOf: RequestOf<Id>;
  readonly decide: (group: ShareGroup<Id>, found: FoundGroup<S>) => Decision<R>;
};

/** A group after it was looked up: one of the fields is set. */
type SortedGroup<Id, R> = {
  readonly settled?: SettledShares<Id>;
  readonly owed?: {readonly group: ShareGroup<Id>; readonly result: R};
  /** All of its shares are stored, and are too few. */
  readonly idle?: ShareGroup<Id>;
  readonly wanting?: OpenGroup<Id>;
};

/** The groups that were looked up, by what is left to do. */
export type SortedGroups<Id, G extends OpenGroup<Id> = OpenGroup<Id>> = {
  readonly settled: readonly SettledShares<Id>[];
  readonly idle: readonly ShareGroup<Id>[];
  readonly wanting: readonly G[];
};

/** Sorts groups by what is left to do for them. A document that cannot be read stops its own group only. */
export function sortGroups<Id extends ValidatorId, S extends HeldShares, R>(
  groups: readonly ShareGroup<Id>[],
  {heads, stored, requestOf, decide}: Findings<Id, S, R>,
): SortedGroups<Id> & {readonly owed: readonly {readonly group: ShareGroup<Id>; readonly result: R}[]} {
  const sorted = groups.map((group): SortedGroup<Id, R> => {
    const settleAll = (outcome: Outcome): SortedGroup<Id, R> => ({settled: settle(group.came, outcome)});
    const head = heads.get(validatorKeyOf(group.id));
    const found = stored.get(group.key);
    if (head instanceof DvtError) return settleAll(head);
    if (found instanceof DvtError) return settleAll(found);
    // [TERMINATE] The relayer records a request before sidecars see it: an honest one never gets here, and a reissue heals it.
    if (!head) return settleAll(new DvtError("EXIT_UNKNOWN", `take a share: nobody asked for ${group.key}`));
    const request = requestOf(group.id, head);
    if (!request) return settleAll("superseded");
    const decision = decide(group, {head, request, stored: found});
    if (decision === "collect") return toOpen(group, {head, request, stored: found});
    return "owed" in decision ? {owed: {group, result: decision.owed}} : settleAll(decision.outcome);
  });
  return {
    settled: sorted.flatMap(({settled}) => settled ?? []),
    owed: sorted.flatMap(({owed}) => owed ?? []),
    idle: sorted.flatMap(({idle}) => idle ?? []),
    wanting: sorted.flatMap(({wanting}) => wanting ?? []),
  };
}

function toOpen<Id>(group: ShareGroup<Id>, {head, request, stored}: FoundGroup<HeldShares>): SortedGroup<Id, never> {
  const {requesters} = request;
  const held = stored?.shares ?? new Map<number, Uint8Array>();
  const candidates = group.candidates.filter(({share}) => !held.has(share.shareIndex));
  const isWanting = candidates.length > 0 || held.size >= group.threshold;
  return isWanting ? {wanting: {...group, candidates, held, requesters, openedAt: head.openedAt}} : {idle: group};
}
