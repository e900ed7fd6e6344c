import {pathToFileURL} from "node:url";
import type {OraclesExitSignatureShares} from "../../schemas/exitCompletion.js";
import {createSplit} from "../aggregator/exits/createSplit.js";
import {createLateShares} from "../aggregator/exits/lateShares.js";
import {startAggregator} from "../aggregator/startAggregator.js";
import {mayAskOf} from "../clusters/mayAsk.js";
import {networks} from "../consensus/networks.js";
import {publicKeyOf} from "../ecies/keys.js";
import {type SplitTask, splitForOracles} from "../exits/splitForOracles.js";
import {openBusClock} from "../messaging/busClock.js";
import {aggregatorDurables} from "../messaging/topology.js";
import {addExitDuration} from "../metrics/addExitDuration.js";
import {addMessageCounts} from "../metrics/addMessageCounts.js";
import type {Participants} from "../participants/participants.js";
import {createOraclesFact} from "../presence/createOraclesFact.js";
import {createPresence} from "../presence/createPresence.js";
import {parseEnv} from "../runtime/env.js";
import {toHex} from "../runtime/hex.js";
import type {Logger} from "../runtime/logger.js";
import {builtFile} from "../runtime/projectRoot.js";
import {createThreads} from "../runtime/threads.js";
import {connectStore} from "../store/connect.js";
import {createDeposits} from "../store/deposits.js";
import {createExits} from "../store/exits.js";
import {createHolders} from "../store/holders.js";
import {createRequests} from "../store/requests.js";
import {AggregatorEnv} from "./env/aggregatorEnv.js";
import {connectAs} from "./opening/connectAs.js";
import {createSelf} from "./opening/createSelf.js";
import {findHoldersIn} from "./opening/findHoldersIn.js";
import {findOpenIn} from "./opening/findOpenIn.js";
import {openFiles} from "./opening/liveFiles.js";
import {busNeeds, oraclesNeed, storeNeed} from "./opening/needs.js";
import {openAggregatorKeys} from "./opening/openAggregatorKeys.js";
import {openOracles, oraclesRules, oraclesSourceOf} from "./opening/openOracles.js";
import {runRole} from "./roleProcess.js";
import {warnIfSlow} from "./sidecar/warnIfSlow.js";

const splitModule = pathToFileURL(builtFile("splitForOracles.js"));

/** Runs `dvt aggregator`. */
export async function runAggregator({verify}: {verify: boolean}, env: NodeJS.ProcessEnv): Promise<void> {
  const config = parseEnv(AggregatorEnv, env, oraclesRules);
  await runRole("aggregator", config, async ({logger, shutdown, waitFor, metrics, readiness}) => {
    const network = networks[config.NETWORK];
    const files = await openFiles({config, env, verify, logger, shutdown, waitFor});
    const participants = files.participants();
    const privateKeys = await waitFor("the aggregator's key", () =>
      openAggregatorKeys(participants.aggregatorKeys, {config, env, logger}),
    );
    // Registered first, so released last: no handler uses the keys by then.
    shutdown.onStop(() => overwrite(privateKeys));
    const oracles = await openOracles({config, env, logger, shutdown, waitFor});
    readiness.needs(oraclesNeed(oracles));
    warnIfSlow(logger);
    const store = await waitFor("mongodb", () => connectStore(config.MONGODB_URL, logger));
    shutdown.onStop(store.close);
    readiness.needs(storeNeed(store));
    await waitFor("mongodb", () => files.clusters.placeBy(findHoldersIn(createHolders(store.db, network, logger))));
    const bus = await connectAs("aggregator", participants.aggregator.nkey, {participants, config, env, logger, waitFor});
    shutdown.onStop(bus.close);
    readiness.needs(...busNeeds(bus));
    const durables = () => aggregatorDurables(files.participants());
    const clock = await waitFor("nats", () => openBusClock(bus, {stream: "EXIT_SHARES", durables, logger}));
    shutdown.onStop(clock.stop);
    const facts = createOraclesFact(oracles, oraclesSourceOf(config), clock.now);
    const presence = createPresence({self: createSelf("aggregator"), bus, network: network.name, clock, facts, logger});
    const threads = createThreads<SplitTask, (OraclesExitSignatureShares | Error)[]>(splitModule, splitForOracles.name);
    if (threads) shutdown.onStop(threads.stop);
    const requests = createRequests(store.db, {logger, mayAsk: mayAskOf(files.clusters)});
    const exits = createExits(store.db, network, logger);
    files.attach(bus, ({aggregator}) => aggregator.nkey, presence.entryWatch);
    files.follow({
      findHeld: findOpenIn(requests, network.name),
      onParticipants: (now) => warnIfOtherKeys(now, participants, logger),
    });
    const aggregator = {
      network,
      clusters: files.clusters,
      oracles,
      privateKeys,
      publicKey: publicKeyOf(privateKeys[0] as Uint8Array),
      requests,
      exits,
      deposits: createDeposits(store.db, network, logger),
      bus,
      clock,
      logger,
      split: createSplit(threads),
      lateShares: createLateShares(exits),
      completing: new Map<string, Promise<unknown>>(),
      reload: files.reload,
      counts: addMessageCounts(metrics.registry),
      observeDuration: addExitDuration(metrics.registry),
      entryWatch: presence.entryWatch,
    };
    await waitFor("the aggregator's consumer", () => startAggregator(aggregator, shutdown));
    presence.start(shutdown);
  });
}

function overwrite(privateKeys: readonly Uint8Array[]): void {
  for (const key of privateKeys) key.fill(0);
}

function warnIfOtherKeys(now: Participants, then: Participants, logger: Logger): void {
  if (now.aggregatorKeys.map(toHex).join() === then.aggregatorKeys.map(toHex).join()) return;
  logger.warn(
    "the encryption_keys in participants.json have changed since this process started: restart it with the key files that match them",
  );
}
