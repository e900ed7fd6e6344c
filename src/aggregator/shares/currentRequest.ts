import {DvtError} from "../../errors.js";
import {type ExitId, validatorKeyOf} from "../../exits/exitId.js";
import type {Requesters} from "../../store/askedDeposit.js";
import type {StoredRequest} from "../../store/requestDocument.js";
import type {Aggregator} from "../aggregator.js";

/** The part of an exit's or a deposit's id that names the validator. */
export type ValidatorId = Pick<ExitId, "network" | "publicKey">;

/** Who asks for an exit or a deposit now; `requestedAt`: when the latest of them asked. */
export type CurrentRequest = {readonly requesters: Requesters; readonly requestedAt: number; readonly isExpired: boolean};

/** The request for this id; undefined where another exit or another deposit of the key is current. */
export type RequestOf<Id> = (id: Id, head: StoredRequest) => CurrentRequest | undefined;

/** The current request of these operators. */
export const toCurrentRequest = (requesters: Requesters, isExpired: boolean): CurrentRequest => ({
  requesters,
  requestedAt: Math.max(...[...requesters.values()].map(({requestedAt}) => requestedAt)),
  isExpired,
});

/** Looks up who asks for each of the ids now: returns a function that names the operators. */
export async function findRequesters<Id extends ValidatorId>(
  {requests}: Aggregator,
  ids: readonly Id[],
  requestOf: RequestOf<Id>,
): Promise<(id: Id) => string[]> {
  const heads = await requests.findAll(ids);
  return (id) => {
    const head = heads.get(validatorKeyOf(id));
    const request = head instanceof DvtError || !head ? undefined : requestOf(id, head);
    return [...(request?.requesters.keys() ?? [])];
  };
}
