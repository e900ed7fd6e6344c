import {mayAskOf} from "../clusters/mayAsk.js";
import {networks} from "../consensus/networks.js";
import {answerQueries} from "../messaging/answerQueries.js";
import {openBusClock} from "../messaging/busClock.js";
import {relayerDurables} from "../messaging/topology.js";
import {addMessageCounts} from "../metrics/addMessageCounts.js";
import {addSystemGauges} from "../metrics/addSystemGauges.js";
import {createOraclesFact} from "../presence/createOraclesFact.js";
import {createPresence} from "../presence/createPresence.js";
import {followPresence} from "../presence/followPresence.js";
import {startRelayer} from "../relayer/startRelayer.js";
import {parseDurationMs} from "../runtime/duration.js";
import {parseEnv} from "../runtime/env.js";
import {createOutage} from "../runtime/outage.js";
import {createReplies} from "../status/createReplies.js";
import {connectStore} from "../store/connect.js";
import {createDeposits} from "../store/deposits.js";
import {createExits} from "../store/exits.js";
import {createExitViews} from "../store/exitViews.js";
import {createHolders} from "../store/holders.js";
import {createOrders} from "../store/orders.js";
import {createRequests} from "../store/requests.js";
import {createRequestViews} from "../store/requestViews.js";
import {RelayerEnv} from "./env/relayerEnv.js";
import {connectAs} from "./opening/connectAs.js";
import {createSelf} from "./opening/createSelf.js";
import {findOpenIn} from "./opening/findOpenIn.js";
import {openFiles} from "./opening/liveFiles.js";
import {busNeeds, oraclesNeed, storeNeed} from "./opening/needs.js";
import {areOraclesFollowed, openOracles, oraclesRules, oraclesSourceOf} from "./opening/openOracles.js";
import {openRegistry} from "./opening/openRegistry.js";
import {runRole} from "./roleProcess.js";

const registryAway = {
  begins: "registered validators unknown, exits are requested again",
  goesOn: "registered validators are still unknown",
  ends: "registered validators are known again",
};

/** Runs `dvt relayer`. */
export async function runRelayer({verify}: {verify: boolean}, env: NodeJS.ProcessEnv): Promise<void> {
  const config = parseEnv(RelayerEnv, env, oraclesRules);
  await runRole("relayer", config, async ({logger, shutdown, waitFor, metrics, readiness}) => {
    const network = networks[config.NETWORK];
    const files = await openFiles({config, env, verify, logger, shutdown, waitFor});
    const participants = files.participants();
    const oracles = await openOracles({config, env, logger, shutdown, waitFor});
    readiness.needs(oraclesNeed(oracles));
    const registry = areOraclesFollowed(config)
      ? await openRegistry({config, env, logger, shutdown, waitFor, firstRead: "in the background"})
      : undefined;
    const store = await waitFor("mongodb", () => connectStore(config.MONGODB_URL, logger));
    shutdown.onStop(store.close);
    readiness.needs(storeNeed(store));
    await waitFor("mongodb", () => files.clusters.placeBy(createHolders(store.db, network, logger).claim));
    const bus = await connectAs("relayer", participants.relayer.nkey, {participants, config, env, logger, waitFor});
    shutdown.onStop(bus.close);
    readiness.needs(...busNeeds(bus));
    const durables = () => relayerDurables(files.participants());
    const clock = await waitFor("nats", () => openBusClock(bus, {stream: "REQUESTS", durables, logger}));
    shutdown.onStop(clock.stop);
    const facts = createOraclesFact(oracles, oraclesSourceOf(config), clock.now);
    const presence = createPresence({self: createSelf("relayer"), bus, network: network.name, clock, facts, logger});
    const reading = {logger, mayAsk: mayAskOf(files.clusters)};
    const requests = createRequests(store.db, reading);
    files.attach(bus, ({relayer}) => relayer.nkey, presence.entryWatch);
    files.follow({findHeld: findOpenIn(requests, network.name)});
    const relayer = {
      network,
      clusters: files.clusters,
      oracles,
      requests,
      orders: createOrders(store.db, network, logger),
      exits: createExits(store.db, network, logger),
      deposits: createDeposits(store.db, network, logger),
      bus,
      clock,
      logger,
      reissueAfterMs: parseDurationMs(config.REISSUE_AFTER),
      exitLifetimeMs: parseDurationMs(config.EXIT_LIFETIME),
      ...(registry && {
        followed: {registry, graceMs: parseDurationMs(config.ORACLES_REFRESH), outage: createOutage(registryAway, logger)},
      }),
      reload: files.reload,
      counts: addMessageCounts(metrics.registry),
      entryWatch: presence.entryWatch,
    };
    await waitFor("the relayer's consumer", () => startRelayer(relayer, shutdown));
    presence.start(shutdown);
    const sightings = followPresence(bus, {network: network.name, logger});
    shutdown.onStop(sightings.stop);
    await waitFor("the stream PRESENCE", sightings.read);
    const views = {
      requestViews: createRequestViews(store.db, network, reading),
      exitViews: createExitViews(store.db, network, logger),
    };
    const {reply, status} = createReplies({...relayer, ...views, sightings, oraclesFact: facts});
    shutdown.onStop(answerQueries(bus, {reply, logger}).stop);
    addSystemGauges(metrics.registry, status);
  });
}
