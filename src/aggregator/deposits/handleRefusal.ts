import {depositCompletion} from "../../../schemas/depositCompletion.js";
import {depositRefusal} from "../../../schemas/depositRefusal.js";
import {DvtError} from "../../errors.js";
import {toDepositRejection} from "../../exits/depositCompletion.js";
import {depositKeyOf} from "../../exits/depositId.js";
import type {Delivery} from "../../messaging/consume.js";
import {decode} from "../../messaging/decode.js";
import {publish} from "../../messaging/publish.js";
import type {Aggregator} from "../aggregator.js";
import {takeRefusal} from "../shares/takeRefusal.js";
import {publishResults} from "./publishResults.js";
import {requestOf} from "./requestOf.js";

const rejectionCode = "DEPOSIT_REFUSED";

/** Takes one refusal of a deposit, which may reject it. The exit goes on. */
export async function handleRefusal(aggregator: Aggregator, {subject, data}: Delivery): Promise<string> {
  const {network, deposits, bus, clock} = aggregator;
  const refusal = decode(depositRefusal, subject, data);
  const id = {network, publicKey: refusal.public_key, deposit: refusal.deposit};
  const key = depositKeyOf(id);
  return takeRefusal(aggregator, refusal, {
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
  });
}
