import {exitCompletion} from "../../../schemas/exitCompletion.js";
import {exitRefusal} from "../../../schemas/exitRefusal.js";
import {type ExitId, exitKeyOf} from "../../exits/exitId.js";
import {toRejection} from "../../exits/rejections.js";
import type {Delivery, EntryOutcome} from "../../messaging/consume.js";
import {decode} from "../../messaging/decode.js";
import {publish} from "../../messaging/publish.js";
import {type Aggregator, forCurrentSet} from "../aggregator.js";
import type {RefusalSteps} from "../shares/takeRefusal.js";
import {takeRefusals} from "../shares/takeRefusals.js";
import {publishResults} from "./publishResults.js";
import {requestOf} from "./requestOf.js";

const rejectionCode = "EXIT_REFUSED";

/** Takes a sidecar's refusals of exits, each of which may reject one. */
export async function handleRefusals(aggregator: Aggregator, delivery: Delivery): Promise<EntryOutcome[]> {
  const {subject, data, timestampMs, settled} = delivery;
  const {refusals, ...sidecar} = decode(exitRefusal, subject, data);
  const entries = refusals.map(({validator_index, ...refused}) => {
    const id = {network: aggregator.network, publicKey: refused.public_key, validatorIndex: validator_index};
    return {exit: exitKeyOf(id), refusal: {...sidecar, ...refused, at: timestampMs}, steps: toSteps(aggregator, id)};
  });
  return takeRefusals(aggregator, entries, settled);
}

function toSteps(aggregator: Aggregator, id: ExitId): RefusalSteps<ExitId> {
  const {exits, bus, oracleSet} = forCurrentSet(aggregator);
  const {configHash} = oracleSet;
  return {
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
  };
}
