import {depositCompletion} from "../../../schemas/depositCompletion.js";
import {depositRefusal} from "../../../schemas/depositRefusal.js";
import {DvtError} from "../../errors.js";
import {toDepositRejection} from "../../exits/depositCompletion.js";
import {type DepositId, depositKeyOf} from "../../exits/depositId.js";
import type {Delivery, EntryOutcome} from "../../messaging/consume.js";
import {decode} from "../../messaging/decode.js";
import {publish} from "../../messaging/publish.js";
import type {Aggregator} from "../aggregator.js";
import type {RefusalSteps} from "../shares/takeRefusal.js";
import {takeRefusals} from "../shares/takeRefusals.js";
import {publishResults} from "./publishResults.js";
import {requestOf} from "./requestOf.js";

const rejectionCode = "DEPOSIT_REFUSED";

/** Takes a sidecar's refusals of deposits, each of which may reject one. Their exits go on. */
export async function handleRefusals(aggregator: Aggregator, delivery: Delivery): Promise<EntryOutcome[]> {
  const {subject, data, timestampMs, settled} = delivery;
  const {refusals, ...sidecar} = decode(depositRefusal, subject, data);
  const entries = refusals.map(({deposit, ...refused}) => {
    const id = {network: aggregator.network, publicKey: refused.public_key, deposit};
    return {refusal: {...sidecar, ...refused, at: timestampMs}, steps: toSteps(aggregator, id)};
  });
  return takeRefusals(aggregator, entries, settled);
}

function toSteps(aggregator: Aggregator, id: DepositId): RefusalSteps<DepositId> {
  const {deposits, bus, clock} = aggregator;
  const key = depositKeyOf(id);
  return {
    what: "deposit",
    id,
    key,
    rejectionCode,
    requestOf,
    store: async (refused) => {
      const change = {id, ...refused};
      const notWritten = await deposits.write([change], clock.now());
      // Another sidecar's refusal may have made the document at the same time: then there is a place for ours in it.
      if (notWritten.size > 0) await deposits.write([change], clock.now());
      const collected = (await deposits.findAll([id])).get(key);
      if (collected instanceof DvtError) throw collected;
      return collected?.signature === undefined ? collected : undefined;
    },
    publishRejection: (operatorId, requestedAt, reason) =>
      publish(bus, depositCompletion, toDepositRejection(id, operatorId, requestedAt, rejectionCode, reason)),
    publishResult: async () => {
      const signature = (await deposits.findSignatures([id])).get(key);
      if (signature !== undefined) await publishResults(aggregator, [{...id, signature}]);
    },
  };
}
