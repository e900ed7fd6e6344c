import type {Static} from "typebox";
import {networks} from "../../consensus/networks.js";
import type {KeyShares} from "../../keys/keyShares.js";
import {openBusClock} from "../../messaging/busClock.js";
import {expectRightClock} from "../../messaging/expectRightClock.js";
import {sidecarDurable} from "../../messaging/topology.js";
import type {Metrics} from "../../metrics/createMetrics.js";
import type {Participants} from "../../participants/participants.js";
import {createSteadyClock} from "../../runtime/clock.js";
import {createThrottledLog} from "../../runtime/throttledLog.js";
import {startSidecar} from "../../sidecar/startSidecar.js";
import type {SidecarEnv} from "../env/sidecarEnv.js";
import {connectAs} from "../opening/connectAs.js";
import {depositRulesOf} from "../opening/depositRulesOf.js";
import type {LiveFiles} from "../opening/liveFiles.js";
import type {Starting} from "../roleProcess.js";
import {openPolicy} from "./openPolicy.js";
import {configOf} from "./shareIndexes.js";

type Own = {clusterId: string; nkey: string; keyShares: KeyShares; reload: () => Promise<void>};
type Running = Starting & {metrics: Metrics; files: LiveFiles; config: Static<typeof SidecarEnv>; env: NodeJS.ProcessEnv};

/** A participant of its own, whatever else runs in this process: its own policy and state, its own nkey and connection. */
export async function startOwnSidecar({clusterId, nkey, keyShares, reload}: Own, running: Running): Promise<void> {
  const {files, env, logger, shutdown, waitFor} = running;
  const participants = files.participants();
  const {shareIndex} = keyShares;
  const config = configOf(running.config, shareIndex);
  const network = networks[config.NETWORK];
  const depositRules = depositRulesOf(config.ALLOWED_VAULTS, files.clusters);
  const bus = await connectAs(`sidecar-${clusterId}-${shareIndex}`, nkey, {participants, config, env, logger, waitFor});
  shutdown.onStop(bus.close);
  const durables = () => [sidecarDurable(clusterId, shareIndex)];
  const clock = await waitFor("nats", () => openBusClock(bus, {stream: "EXIT_REQUESTS", durables, logger}));
  shutdown.onStop(clock.stop);
  // With a clock that is ahead, what was signed within the hour and the day would be forgotten. From here on only passing time counts.
  await waitFor("the right time", () => expectRightClock(clock));
  const now = createSteadyClock();
  const opening = {config, env, logger, shutdown, waitFor, depositRules, now: now()};
  const policies = await openPolicy({network, clusterId, shareIndex}, opening);
  files.attach(bus, ({clusters}) => nkeyOf(clusters, clusterId, shareIndex));
  const signed = createThrottledLog(logger, "exits signed");
  shutdown.onStop(signed.stop);
  const sidecar = {
    ...policies,
    ...{network, clusterId, keyShares, bus, now, logger, signed, reload, counts: running.metrics.messages},
    get aggregatorKey() {
      return files.participants().aggregatorKeys[0] as Uint8Array;
    },
  };
  await waitFor("the sidecar's consumer", () => startSidecar(sidecar, shutdown));
}

const nkeyOf = (clusters: Participants["clusters"], clusterId: string, shareIndex: number): string | undefined =>
  clusters.find(({id}) => id === clusterId)?.sidecars.find((sidecar) => sidecar.shareIndex === shareIndex)?.nkey;
