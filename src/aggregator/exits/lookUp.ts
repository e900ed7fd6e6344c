import type {ExitResult} from "../../exits/completion.js";
import type {ExitId} from "../../exits/exitId.js";
import type {Collected} from "../../store/exits.js";
import type {AggregatorForSet} from "../aggregator.js";
import {type ShareGroup, settle} from "../shares/shareGroup.js";
import {type Decision, type FoundGroup, type SortedGroups, sortGroups} from "../shares/sortGroups.js";
import {publishResults} from "./publishResults.js";
import {requestOf} from "./requestOf.js";
import {findUnderWay, whileUnderWay} from "./underWay.js";

/** Finds out, in two queries, which exits still need shares. Publishes results that are owed, while the caller goes on. */
export async function lookUp(aggregator: AggregatorForSet, groups: readonly ShareGroup<ExitId>[]): Promise<SortedGroups<ExitId>> {
  const {requests, exits, oracleSet} = aggregator;
  const ids = groups.map(({id}) => id);
  // A result may be published while the database answers, and the answer be from before that.
  const underWayBefore = new Map(groups.map(({key}) => [key, findUnderWay(aggregator, key)]));
  const [heads, stored] = await Promise.all([requests.findAll(ids), exits.findAll(ids, oracleSet.configHash)]);
  const decide = ({key}: ShareGroup<ExitId>, found: FoundGroup<Collected>): Decision<ExitResult> =>
    decideOn(found, underWayBefore.get(key) ?? findUnderWay(aggregator, key));
  const {owed, settled, ...sorted} = sortGroups(groups, {heads, stored, requestOf, decide});
  if (owed.length === 0) return {settled, ...sorted};

  const publishing = whileUnderWay(
    aggregator,
    owed.map(({group}) => group.key),
    () =>
      publishResults(
        aggregator,
        owed.map(({group, result}) => ({exit: group.id, result})),
        oracleSet.configHash,
      ),
  );
  const outcome = publishing.then(() => "published again");
  return {settled: [...settled, ...owed.map(({group}) => settle(group.came, outcome))], ...sorted};
}

function decideOn({head, request, stored}: FoundGroup<Collected>, underWay: Promise<unknown> | undefined): Decision<ExitResult> {
  if (request.isExpired) return {outcome: "expired"};
  if (stored?.result && stored.published) return {outcome: "late"};
  if (underWay) return {outcome: underWay.then(() => "late")};
  if (stored?.result) return {owed: stored.result};
  // Answered for another oracle set. The exit is opened again before sidecars are asked, so this share is from before.
  if (head.state === "answered") return {outcome: "late"};
  return "collect";
}
