import {DvtError} from "../errors.js";
import {validatorKeyOf} from "../exits/exitId.js";
import {type AggregatorForSet, underWayKeyOf} from "./aggregator.js";
import type {Collecting} from "./collecting.js";
import {type Completed, sayResults} from "./completeExits.js";
import {type Outcomes, settle} from "./outcomes.js";

/** Those of the exits that still need shares, with what is stored of them, in two queries. What need not be done is settled. */
export async function lookUp(
  aggregator: AggregatorForSet,
  open: readonly Collecting[],
  outcomes: Outcomes,
): Promise<Collecting[]> {
  const {completing, oracleSet} = aggregator;
  const exits = open.map(({exit}) => exit);
  // What is said while the database answers is said: what it answers may be from before that.
  const findUnderWay = (key: string): Promise<unknown> | undefined => completing.get(underWayKeyOf(aggregator, key));
  const underWayBefore = new Map(open.map(({key}) => [key, findUnderWay(key)]));
  const [heads, stored] = await Promise.all([
    aggregator.requests.findAll(exits),
    aggregator.exits.findAll(exits, oracleSet.configHash),
  ]);
  const owed: Completed[] = [];
  const wanting = open.filter((collecting) => {
    const {exit, key, threshold} = collecting;
    const head = heads.get(validatorKeyOf(exit));
    const underWay = underWayBefore.get(key) ?? findUnderWay(key);
    const kept = stored.get(key);
    if (head instanceof DvtError || kept instanceof DvtError) {
      settle(collecting, [head, kept].find((it) => it instanceof DvtError) ?? "", outcomes);
      return false;
    }
    const {shares = new Map<number, Uint8Array>(), result, published} = kept ?? {};
    // [TERMINATE] Nobody asked for it. The relayer records before it asks, so an honest sidecar never gets here; re-issue heals it.
    if (!head) settle(collecting, new DvtError("EXIT_UNKNOWN", `take a share: nobody asked for ${key}`), outcomes);
    else if (head.validatorIndex !== exit.validatorIndex) settle(collecting, "superseded", outcomes);
    else if (head.state === "expired") settle(collecting, "expired", outcomes);
    else if (result && published) settle(collecting, "late", outcomes);
    else if (underWay) settle(collecting, underWay.then(toLate), outcomes);
    else if (result) owed.push({collecting, result});
    // Answered for another oracle set. It is opened again before sidecars are asked: this share is left over from then.
    else if (head.state === "answered") settle(collecting, "late", outcomes);
    else {
      collecting.held = shares;
      collecting.operatorIds = [...head.askers.keys()];
      collecting.fresh = collecting.fresh.filter(({shareIndex}) => !shares.has(shareIndex));
      return collecting.fresh.length > 0 || shares.size >= threshold;
    }
    return false;
  });
  if (owed.length > 0) {
    const saying = sayResults(aggregator, owed).then(() => "published again");
    for (const {collecting} of owed) settle(collecting, saying, outcomes);
  }
  return wanting;
}

const toLate = (): string => "late";
