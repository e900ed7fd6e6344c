import {startAggregator} from "../aggregator/startAggregator.js";
import {loadClusters} from "../clusters/clusters.js";
import {networks} from "../consensus/networks.js";
import {loadAggregatorKey} from "../keys/aggregatorKey.js";
import {connectBus} from "../messaging/connect.js";
import {loadOracleSet} from "../oracles/oracleSet.js";
import {loadParticipants} from "../participants/participants.js";
import {createCoalesce} from "../runtime/coalesce.js";
import {parseEnv} from "../runtime/env.js";
import {userPath} from "../runtime/userPath.js";
import {connectStore} from "../store/connect.js";
import {createExits} from "../store/exits.js";
import {createRequests} from "../store/requests.js";
import {AggregatorEnv} from "./env.js";
import {runRole} from "./roleProcess.js";
import {warnIfSlow} from "./warnIfSlow.js";

export async function runAggregator(env: NodeJS.ProcessEnv): Promise<void> {
  const config = parseEnv(AggregatorEnv, env);
  await runRole("aggregator", config, async ({logger, shutdown}) => {
    const network = networks[config.NETWORK];
    const participants = await loadParticipants(userPath(config.PARTICIPANTS_FILE, env), network.name);
    const privateKey = await loadAggregatorKey(userPath(config.AGGREGATOR_PRIVATE_KEY_FILE, env), participants.aggregatorKeys);
    const clusters = await loadClusters(participants);
    const oracleSet = await loadOracleSet(userPath(config.ORACLES_CONFIG_FILE, env));
    warnIfSlow(logger);
    const store = await connectStore(config.MONGODB_URL, logger);
    shutdown.onStop(store.close);
    const bus = await connectBus({url: config.NATS_URL, participant: "aggregator", logger});
    shutdown.onStop(bus.close);
    const aggregator = {
      network,
      clusters,
      oracleSet,
      privateKey,
      requests: createRequests(store.db),
      exits: createExits(store.db, network),
      bus,
      logger,
      completing: createCoalesce<string>(),
    };
    await startAggregator(aggregator, shutdown);
  });
}
