import {exitReceipt} from "../../schemas/exitReceipt.js";
import {DvtError} from "../errors.js";
import {type ExitId, exitKeyOf, validatorKeyOf} from "../exits/exitId.js";
import type {Delivery} from "../messaging/consume.js";
import {decode} from "../messaging/decode.js";
import type {StoredRequest} from "../store/requestDocument.js";
import {findDeposits, findPending} from "./answerDeposit.js";
import type {Relayer} from "./relayer.js";

/** Records which results an operator has; what all requesters have needs no sweep any more. */
export async function handleReceipt(relayer: Relayer, {subject, data, timestampMs}: Delivery): Promise<string> {
  const {operator_id: operatorId, oracles_config_hash, exits: named} = decode(exitReceipt, subject, data);
  const {configHash} = relayer.oracles.current();
  if (oracles_config_hash !== configHash) return "other oracle set";
  const exits = named.map(({public_key, validator_index}) => ({
    network: relayer.network,
    publicKey: public_key,
    validatorIndex: validator_index,
  }));
  const asked = await findAskedBy(relayer, operatorId, exits);
  if (asked.length === 0) return "not asked for";
  const fresh = asked.filter(({request}) => !request.taken.has(operatorId));
  if (fresh.length === 0) return "taken before";

  const signatures = await findDeposits(
    relayer,
    fresh.map(({request}) => request),
  );
  const taken = fresh.map(({exit, request}) => {
    const haveAll = [...request.requesters.keys()].every((id) => id === operatorId || request.taken.has(id));
    const isDone = request.state === "open" && haveAll && !findPending(exit, request.deposit, signatures);
    return {exit, request, operatorId, at: timestampMs, ...(isDone && {answeredFor: configHash})};
  });
  await relayer.requests.addTaken(taken);
  return "taken";
}

/** The exits among these that this operator asked for and that have a result for the current oracle set. */
async function findAskedBy(
  {requests, exits: stored, oracles}: Relayer,
  operatorId: string,
  exits: readonly ExitId[],
): Promise<{exit: ExitId; request: StoredRequest}[]> {
  const [heads, complete] = await Promise.all([
    requests.findAll(exits),
    stored.findComplete(exits, oracles.current().configHash),
  ]);
  return exits.flatMap((exit) => {
    const request = heads.get(validatorKeyOf(exit));
    if (!request || request instanceof DvtError || request.validatorIndex !== exit.validatorIndex) return [];
    return request.requesters.has(operatorId) && complete.has(exitKeyOf(exit)) ? [{exit, request}] : [];
  });
}
