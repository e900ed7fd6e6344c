import {DvtError} from "../errors.js";
import {isSameDeposit} from "../exits/depositId.js";
import {validatorKeyOf} from "../exits/exitId.js";
import type {SignedDeposit} from "../store/deposits.js";
import type {Aggregator} from "./aggregator.js";
import type {CollectingDeposit} from "./collectingDeposit.js";
import {type Outcomes, settle} from "./outcomes.js";
import {publishDeposits} from "./publishDeposits.js";

/** Those of the deposits that still need shares, with what is stored of them, in two queries. What need not be done is settled. */
export async function lookUpDeposits(
  aggregator: Aggregator,
  open: readonly CollectingDeposit[],
  outcomes: Outcomes,
): Promise<CollectingDeposit[]> {
  const ids = open.map(({id}) => id);
  const [heads, stored] = await Promise.all([aggregator.requests.findAll(ids), aggregator.deposits.findAll(ids)]);
  const owed: SignedDeposit[] = [];
  const wanting = open.filter((collecting) => {
    const {id, key, threshold} = collecting;
    const head = heads.get(validatorKeyOf(id));
    const kept = stored.get(key);
    if (head instanceof DvtError || kept instanceof DvtError) {
      settle(collecting, [head, kept].find((it) => it instanceof DvtError) ?? "", outcomes);
      return false;
    }
    const asked = head?.deposit;
    const {shares = new Map<number, Uint8Array>(), signature, published} = kept ?? {};
    // [TERMINATE] Nobody asked for anything of this key. The relayer records before it asks; re-issue heals it.
    if (!head) settle(collecting, new DvtError("EXIT_UNKNOWN", `take a share: nobody asked for ${key}`), outcomes);
    // Nothing is collected of a deposit that nobody asks for now: of another vault, or of another amount.
    else if (!asked || !isSameDeposit(asked.deposit, id.deposit)) settle(collecting, "superseded", outcomes);
    else if (signature && published) settle(collecting, "late", outcomes);
    else if (signature) {
      owed.push({...id, signature});
      settle(collecting, "published again", outcomes);
    } else if (head.state === "expired" || asked.isExpired) settle(collecting, "expired", outcomes);
    else {
      collecting.held = shares;
      collecting.fresh = collecting.fresh.filter(({shareIndex}) => !shares.has(shareIndex));
      return collecting.fresh.length > 0 || shares.size >= threshold;
    }
    return false;
  });
  await publishDeposits(aggregator, owed);
  return wanting;
}
