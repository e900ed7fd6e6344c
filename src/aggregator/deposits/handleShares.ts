import {depositShare} from "../../../schemas/depositShare.js";
import {type DepositId, depositKeyOf} from "../../exits/depositId.js";
import type {Delivery, EntryOutcome} from "../../messaging/consume.js";
import {decode} from "../../messaging/decode.js";
import {fromHex} from "../../runtime/hex.js";
import type {Aggregator} from "../aggregator.js";
import {toShare} from "../shares/findSigner.js";
import type {TakeShare} from "../shares/shareGroup.js";
import {takeEach} from "../shares/takeEach.js";

/** [TERMINATE] Reads a sidecar's message of deposits' shares, which arrived on that sidecar's subject, and takes each of them. */
export async function handleShares(
  aggregator: Aggregator,
  delivery: Delivery,
  take: TakeShare<DepositId>,
): Promise<EntryOutcome[]> {
  const {deposits, ...sidecar} = decode(depositShare, delivery.subject, delivery.data);
  const entries = deposits.map(({public_key, deposit, signature}) => {
    const id = {network: aggregator.network, publicKey: public_key, deposit};
    const signed = {id, key: depositKeyOf(id), bytes: fromHex(signature), cameAt: delivery.timestampMs};
    return {take: async () => take(toShare(aggregator, {...sidecar, public_key}, signed))};
  });
  return takeEach(entries, delivery.settled);
}
