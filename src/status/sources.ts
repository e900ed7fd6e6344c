import type {Presence} from "../../schemas/presence.js";
import type {Clusters} from "../clusters/clusters.js";
import type {Network} from "../consensus/networks.js";
import type {Bus} from "../messaging/connect.js";
import type {CheckedOracles} from "../oracles/liveOracles.js";
import type {Sightings} from "../presence/createSightings.js";
import type {Clock} from "../runtime/clock.js";
import type {Deposits} from "../store/deposits.js";
import type {ExitViews} from "../store/exitViews.js";
import type {Requests} from "../store/requests.js";
import type {RequestViews} from "../store/requestViews.js";

/** What a status is read from. */
export type StatusSources = {
  readonly network: Network;
  readonly clusters: Clusters;
  readonly oracles: CheckedOracles;
  /** The oracle set as this process says that it works with it. */
  readonly oraclesFact: () => Pick<Presence, "oracles">;
  readonly sightings: Sightings;
  readonly requests: Pick<Requests, "find" | "findAll">;
  readonly requestViews: RequestViews;
  readonly exitViews: ExitViews;
  readonly deposits: Pick<Deposits, "findSignatures">;
  readonly bus: Bus;
  readonly clock: Clock;
};
