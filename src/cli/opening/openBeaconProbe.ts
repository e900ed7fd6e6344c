import {askHealth, type BeaconHealth} from "../../beacon/askHealth.js";
import {connectBeacon} from "../../beacon/connectBeacon.js";
import {networks} from "../../consensus/networks.js";
import type {Probe} from "../../presence/startProbe.js";
import {openProbe, type ProbeContext} from "./openProbe.js";

type Config = {readonly NETWORK: keyof typeof networks; readonly CONSENSUS_ENDPOINT?: string};

/** The health of the beacon nodes together, if the settings name any. */
export function openBeaconProbe({NETWORK, CONSENSUS_ENDPOINT}: Config, context: ProbeContext): Probe<BeaconHealth> | undefined {
  if (CONSENSUS_ENDPOINT === undefined) return undefined;
  const {logger, shutdown} = context;
  const beacon = connectBeacon(CONSENSUS_ENDPOINT, {network: networks[NETWORK], signal: shutdown.signal, logger});
  return openProbe("beacon node", () => askHealth(beacon), context);
}
