import type {DepositId} from "../../exits/depositId.js";
import type {CollectedDeposit} from "../../store/deposits.js";
import type {Aggregator} from "../aggregator.js";
import {type ShareGroup, settle} from "../shares/shareGroup.js";
import {type Decision, type FoundGroup, type SortedGroups, sortGroups} from "../shares/sortGroups.js";
import {publishResults} from "./publishResults.js";
import {requestOf} from "./requestOf.js";

/** Finds out, in two queries, which deposits still need shares. Publishes signatures that are owed. */
export async function lookUp(aggregator: Aggregator, groups: readonly ShareGroup<DepositId>[]): Promise<SortedGroups<DepositId>> {
  const ids = groups.map(({id}) => id);
  const [heads, stored] = await Promise.all([aggregator.requests.findAll(ids), aggregator.deposits.findAll(ids)]);
  const decide = (_: ShareGroup<DepositId>, found: FoundGroup<CollectedDeposit>): Decision<string> => decideOn(found);
  const {owed, settled, ...sorted} = sortGroups(groups, {heads, stored, requestOf, decide});
  await publishResults(
    aggregator,
    owed.map(({group, result}) => ({...group.id, signature: result})),
  );
  const published = owed.map(({group}) => settle(group.came, "published again"));
  return {settled: [...settled, ...published], ...sorted};
}

function decideOn({request, stored}: FoundGroup<CollectedDeposit>): Decision<string> {
  if (stored?.signature !== undefined) return stored.published ? {outcome: "late"} : {owed: stored.signature};
  return request.isExpired ? {outcome: "expired"} : "collect";
}
