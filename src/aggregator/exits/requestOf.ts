import type {ExitId} from "../../exits/exitId.js";
import type {StoredRequest} from "../../store/requestDocument.js";
import {type CurrentRequest, toCurrentRequest} from "../shares/currentRequest.js";

/** The request for this exit; undefined where its key has another index now. */
export const requestOf = ({validatorIndex}: ExitId, head: StoredRequest): CurrentRequest | undefined =>
  head.validatorIndex === validatorIndex ? toCurrentRequest(head.requesters, head.state === "expired") : undefined;
