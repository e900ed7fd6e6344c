import type {NetworkName} from "../../../schemas/fields.js";
import type {FindHeld} from "../../clusters/live/readWanted.js";
import type {Requests} from "../../store/requests.js";

/** For roles that know the store: an exit that is open there holds the definition of its validator. */
export const findOpenIn =
  (requests: Pick<Requests, "findOpen">, network: NetworkName): FindHeld =>
  ({changed, removed}) =>
    requests.findOpen(network, [...changed, ...removed]);
