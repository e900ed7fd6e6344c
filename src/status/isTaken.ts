import type {StoredRequest} from "../store/requestDocument.js";

/** Whether every requester said that it has the result. */
export const isTaken = ({requesters, taken}: Pick<StoredRequest, "requesters" | "taken">): boolean =>
  [...requesters.keys()].every((operatorId) => taken.has(operatorId));
