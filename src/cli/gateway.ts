import {networks} from "../consensus/networks.js";
import type {Gateway} from "../gateway/gateway.js";
import {createMetrics} from "../gateway/metrics.js";
import {createRecent} from "../gateway/recent.js";
import {createResults} from "../gateway/results.js";
import {startGateway} from "../gateway/startGateway.js";
import {publishingTo} from "../gateway/takeShares.js";
import {createTaking} from "../gateway/taking.js";
import {ping} from "../messaging/ping.js";
import {loadOracleSet} from "../oracles/oracleSet.js";
import {fixedRegistry} from "../registry/validatorRegistry.js";
import {parseDurationMs} from "../runtime/duration.js";
import {parseEnv} from "../runtime/env.js";
import {userPath} from "../runtime/userPath.js";
import {connectStore} from "../store/connect.js";
import {createExits} from "../store/exits.js";
import {createRequests} from "../store/requests.js";
import {GatewayEnv} from "./env/gateway.js";
import {findOpenIn} from "./findOpenIn.js";
import {connectSpeakers, findSeeds, operatorIdsOf} from "./gatewaySeeds.js";
import {openFiles} from "./liveFiles.js";
import {openCredentials} from "./openCredentials.js";
import {runRole} from "./roleProcess.js";

const answersWithinMs = 2000;

export async function runGateway({verify}: {verify: boolean}, env: NodeJS.ProcessEnv): Promise<void> {
  const config = parseEnv(GatewayEnv, env);
  await runRole("gateway", config, async ({logger, shutdown}) => {
    const network = networks[config.NETWORK];
    const files = await openFiles({config, env, verify, logger, shutdown});
    const participants = files.participants();
    const seeds = await findSeeds(participants, config, env);
    const credentials = await openCredentials(participants, operatorIdsOf(seeds), {config, env, logger});
    const oracleSet = await loadOracleSet(userPath(config.ORACLES_CONFIG_FILE, env));
    const store = await connectStore(config.MONGODB_URL, logger);
    shutdown.onStop(store.close);
    const requests = createRequests(store.db);
    files.follow({findHeld: findOpenIn(requests, network.name)});
    const speakers = await connectSpeakers(seeds, {participants, config, env, logger, shutdown});
    const buses = [...speakers.operators.values(), ...speakers.sidecars.values()];
    const resendAfterMs = parseDurationMs(config.RESEND_AFTER);
    const [aggregatorKey] = participants.aggregatorKeys as [Uint8Array];
    const sent = createRecent(resendAfterMs);
    const metrics = createMetrics();
    const gateway: Gateway = {
      ...{network, clusters: files.clusters, oracleSet, aggregatorKey, credentials, logger, stopping: shutdown.signal},
      ...speakers,
      requests,
      exits: createExits(store.db, network),
      registry: fixedRegistry(Number(config.NEXT_VALIDATOR_INDEX)),
      checkServers: async () => void (await Promise.all([store.ping(), ...buses.map((bus) => ping(bus, answersWithinMs))])),
      results: createResults({oracleSet, aggregatorNkey: participants.aggregator.nkey, logger}),
      asked: createRecent(resendAfterMs),
      sent,
      metrics,
      taking: createTaking(publishingTo({sent, metrics, aggregatorKey})),
    };
    await startGateway(gateway, {host: config.GATEWAY_HOST, port: Number(config.GATEWAY_PORT)}, shutdown);
  });
}
