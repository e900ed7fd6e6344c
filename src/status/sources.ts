import type {Presence} from "../../schemas/presence.js";
import type {Clusters} from "../clusters/clusters.js";
import type {Network} from "../consensus/networks.js";
import type {Bus} from "../messaging/connect.js";
import type {LiveOracles} from "../oracles/liveOracles.js";
import type {Sightings} from "../presence/createSightings.js";
import type {Clock} from "../runtime/clock.js";

/** What a status is read from. */
export type StatusSources = {
  readonly network: Network;
  readonly clusters: Clusters;
  readonly oracles: LiveOracles;
  /** The oracle set as this process says that it works with it. */
  readonly oraclesFact: () => Pick<Presence, "oracles">;
  readonly sightings: Sightings;
  readonly bus: Bus;
  readonly clock: Clock;
};
