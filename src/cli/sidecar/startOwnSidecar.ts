import type {Static} from "typebox";
import {createAnswers} from "../../answers/createAnswers.js";
import {networks} from "../../consensus/networks.js";
import type {KeyShares} from "../../keys/keyShares.js";
import {openBusClock} from "../../messaging/busClock.js";
import {expectRightClock} from "../../messaging/expectRightClock.js";
import type {MessageCounts} from "../../messaging/messageCounts.js";
import {sidecarDurable} from "../../messaging/topology.js";
import type {Participants} from "../../participants/participants.js";
import {createPresence, type Self} from "../../presence/createPresence.js";
import {createSteadyClock} from "../../runtime/clock.js";
import {parseDurationMs} from "../../runtime/duration.js";
import {startSidecar} from "../../sidecar/startSidecar.js";
import type {SidecarEnv} from "../env/sidecarEnv.js";
import {connectAs} from "../opening/connectAs.js";
import {depositRulesOf} from "../opening/depositRulesOf.js";
import type {LiveFiles} from "../opening/liveFiles.js";
import {busNeeds} from "../opening/needs.js";
import type {RoleContext} from "../roleProcess.js";
import {openPolicy} from "./openPolicy.js";
import {openProbes} from "./openProbes.js";
import {configOf} from "./shareIndexes.js";

type OwnSidecar = {clusterId: string; nkey: string; keyShares: KeyShares; reload: () => Promise<void>; self: Self};
type Context = Omit<RoleContext, "metrics"> & {
  counts: MessageCounts;
  files: LiveFiles;
  config: Static<typeof SidecarEnv>;
  env: NodeJS.ProcessEnv;
};

/** Starts a sidecar with its own policy, state, nkey and connection, whatever else runs in this process. */
export async function startOwnSidecar({clusterId, nkey, keyShares, reload, self}: OwnSidecar, context: Context): Promise<void> {
  const {files, env, logger, shutdown, waitFor, counts, readiness} = context;
  const participants = files.participants();
  const {shareIndex} = keyShares;
  const config = configOf(context.config, shareIndex);
  const network = networks[config.NETWORK];
  const depositRules = depositRulesOf(config.ALLOWED_VAULTS, files.clusters);
  const bus = await connectAs(`sidecar-${clusterId}-${shareIndex}`, nkey, {participants, config, env, logger, waitFor});
  shutdown.onStop(bus.close);
  readiness.needs(...busNeeds(bus));
  const durables = () => [sidecarDurable(clusterId, shareIndex)];
  const clock = await waitFor("nats", () => openBusClock(bus, {stream: "EXIT_REQUESTS", durables, logger}));
  shutdown.onStop(clock.stop);
  // A clock that is ahead would drop what was signed within the last hour and day from the limits. From here on, a steady clock counts.
  await waitFor("the right time", () => expectRightClock(clock));
  const now = createSteadyClock();
  const options = {config, env, logger, shutdown, waitFor, depositRules, now: now()};
  const policies = await openPolicy({network, clusterId, shareIndex}, options);
  const probes = await openProbes({config, env, now: clock.now, logger, shutdown});
  const presence = createPresence({
    self,
    bus,
    network: network.name,
    sidecar: {clusterId, shareIndex},
    clock,
    facts: () => ({key_shares: keyShares.publicKeys.size, ...probes()}),
    logger,
  });
  files.attach(bus, ({clusters}) => nkeyOf(clusters, clusterId, shareIndex), presence.entryWatch);
  const sidecar = {
    ...policies,
    network,
    clusterId,
    keyShares,
    bus,
    now,
    logger,
    reload,
    counts,
    entryWatch: presence.entryWatch,
    answers: createAnswers(bus, {
      sidecar: {network, clusterId, shareIndex},
      aggregatorKey: () => files.participants().aggregatorKeys[0] as Uint8Array,
      counts: presence.tally,
    }),
    orderLifetimeMs: parseDurationMs(config.EXIT_LIFETIME),
  };
  await waitFor("the sidecar's consumer", () => startSidecar(sidecar, shutdown));
  presence.start(shutdown);
}

const nkeyOf = (clusters: Participants["clusters"], clusterId: string, shareIndex: number): string | undefined =>
  clusters.find(({id}) => id === clusterId)?.sidecars.find((sidecar) => sidecar.shareIndex === shareIndex)?.nkey;
