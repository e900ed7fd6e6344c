import {exitCompletion} from "../../../schemas/exitCompletion.js";
import {exitRefusal} from "../../../schemas/exitRefusal.js";
import {exitKeyOf} from "../../exits/exitId.js";
import {toRejection} from "../../exits/rejections.js";
import type {Delivery} from "../../messaging/consume.js";
import {decode} from "../../messaging/decode.js";
import {publish} from "../../messaging/publish.js";
import {type Aggregator, forCurrentSet} from "../aggregator.js";
import {takeRefusal} from "../shares/takeRefusal.js";
import {publishResults} from "./publishResults.js";
import {requestOf} from "./requestOf.js";

const rejectionCode = "EXIT_REFUSED";

/** Takes one refusal of an exit, which may reject it. */
export async function handleRefusal(aggregator: Aggregator, {subject, data}: Delivery): Promise<string> {
  const {network, exits, bus, oracleSet} = forCurrentSet(aggregator);
  const {configHash} = oracleSet;
  const refusal = decode(exitRefusal, subject, data);
  const id = {network, publicKey: refusal.public_key, validatorIndex: refusal.validator_index};
  return takeRefusal(aggregator, refusal, {
    what: "exit",
    id,
    key: exitKeyOf(id),
    rejectionCode,
    requestOf,
    store: async (refused) => {
      const collected = await exits.addRefusal({exit: id, ...refused}, configHash);
      return collected.result ? undefined : collected;
    },
    publishRejection: (operatorId, requestedAt, reason) =>
      publish(bus, exitCompletion, toRejection(id, operatorId, requestedAt, rejectionCode, reason)),
    publishResult: async () => {
      const result = (await exits.find(id, configHash))?.result;
      if (result) await publishResults(aggregator, [{exit: id, result}], configHash);
    },
  });
}
