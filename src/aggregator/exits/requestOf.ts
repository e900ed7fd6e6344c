import type {ExitId} from "../../exits/exitId.js";
import type {StoredRequest} from "../../store/requestDocument.js";
import type {CurrentRequest} from "../shares/currentRequest.js";

/** The request for this exit; undefined where its key has another index now. */
export const requestOf = ({validatorIndex}: ExitId, head: StoredRequest): CurrentRequest | undefined =>
  head.validatorIndex === validatorIndex ? {requesters: head.requesters, isExpired: head.state === "expired"} : undefined;
