import type {NetworkName} from "../../../schemas/fields.js";
import type {FindHeld} from "../../clusters/live/readCluster.js";
import type {Requests} from "../../store/requests.js";

/** For roles with the store: while an exit is open there, the definition of its validator must not change. */
export const findOpenIn =
  (requests: Pick<Requests, "findOpen">, network: NetworkName): FindHeld =>
  ({changed, removed}) =>
    requests.findOpen(network, [...changed, ...removed]);
