import {mayAskOf} from "../../clusters/mayAsk.js";
import {networks} from "../../consensus/networks.js";
import {createGateway, type GatewayParts} from "../../gateway/gateway.js";
import {createPresences} from "../../gateway/presence/createPresences.js";
import {sidecarOfKey} from "../../gateway/sidecarKey.js";
import {startGateway} from "../../gateway/startGateway.js";
import {accessOf} from "../../messaging/accounts.js";
import {type BusClock, openBusClock} from "../../messaging/busClock.js";
import {ping} from "../../messaging/ping.js";
import {operatorDurable, sidecarDurable} from "../../messaging/topology.js";
import {addGatewayMetrics} from "../../metrics/addGatewayMetrics.js";
import type {Participants} from "../../participants/participants.js";
import {createOraclesFact} from "../../presence/createOraclesFact.js";
import {fixedRegistry} from "../../registry/validatorRegistry.js";
import {createSteadyClock} from "../../runtime/clock.js";
import {parseDurationMs} from "../../runtime/duration.js";
import {parseEnv} from "../../runtime/env.js";
import {connectStore} from "../../store/connect.js";
import {createDeposits} from "../../store/deposits.js";
import {createExits} from "../../store/exits.js";
import {createHolders} from "../../store/holders.js";
import {createOrders} from "../../store/orders.js";
import {createRequests} from "../../store/requests.js";
import {createReservations} from "../../store/reservations.js";
import {parseTrustedProxies} from "../../web/trustedProxies.js";
import {GatewayEnv} from "../env/gatewayEnv.js";
import {createSelf} from "../opening/createSelf.js";
import {depositRulesOf} from "../opening/depositRulesOf.js";
import {findHoldersIn} from "../opening/findHoldersIn.js";
import {findOpenIn} from "../opening/findOpenIn.js";
import {openFiles} from "../opening/liveFiles.js";
import {busNeeds, oraclesNeed, storeNeed} from "../opening/needs.js";
import {openBeaconProbe} from "../opening/openBeaconProbe.js";
import {openOracles, oraclesRules, oraclesSourceOf} from "../opening/openOracles.js";
import {openRegistry} from "../opening/openRegistry.js";
import {runRole, type StartContext} from "../roleProcess.js";
import {gatewayRules} from "./gatewayRules.js";
import {type Connections, clusterIdsOf, connectParticipants, findSeeds, operatorIdsOf} from "./gatewaySeeds.js";
import {openCredentials} from "./openCredentials.js";
import {openExitPolicies} from "./openExitPolicies.js";
import {openManager} from "./openManager.js";

const answersWithinMs = 2000;
/** A definition's vaults count only for sidecars that read their own definition: the gateway reads definitions that others chose. */
const noVaults = "";

export async function runGateway({verify}: {verify: boolean}, env: NodeJS.ProcessEnv): Promise<void> {
  const config = parseEnv(GatewayEnv, env, (values) => [...gatewayRules(values), ...oraclesRules(values)]);
  await runRole("gateway", config, async ({logger, shutdown, waitFor, metrics, readiness}) => {
    const network = networks[config.NETWORK];
    const files = await openFiles({config, env, verify, logger, shutdown, waitFor});
    const participants = files.participants();
    const seeds = await waitFor("the folder of GATEWAY_SEEDS_DIR", () => findSeeds(participants, config, env));
    const credentials = await waitFor("the tokens", () =>
      openCredentials(participants, operatorIdsOf(seeds), {config, env, logger}),
    );
    const manager = await waitFor("what the validators manager needs", () =>
      openManager({config, env, network, logger, shutdown}),
    );
    const oracles = await openOracles({config, env, logger, shutdown, waitFor});
    readiness.needs(oraclesNeed(oracles));
    // Without operators, nobody asks for an index.
    const registry =
      operatorIdsOf(seeds).length > 0
        ? await openRegistry({config, env, logger, shutdown, waitFor, firstRead: "in the background"})
        : fixedRegistry(0);
    const store = await waitFor("mongodb", () => connectStore(config.MONGODB_URL, logger));
    shutdown.onStop(store.close);
    readiness.needs(storeNeed(store));
    await waitFor("mongodb", () => files.clusters.placeBy(findHoldersIn(createHolders(store.db, network, logger))));
    const requests = createRequests(store.db, {logger, mayAsk: mayAskOf(files.clusters)});
    files.follow({findHeld: findOpenIn(requests, network.name)});
    const now = createSteadyClock();
    const depositRules = depositRulesOf(config.ALLOWED_VAULTS ?? noVaults, files.clusters);
    const policyOf = await openExitPolicies({
      depositRules,
      clusterIds: clusterIdsOf(seeds),
      clusters: files.clusters,
      network,
      config,
      env,
      now: now(),
      logger,
      shutdown,
      waitFor,
    });
    const connections = await connectParticipants(seeds, {participants, config, env, logger, shutdown, waitFor});
    const clock = await openClock(connections, {logger, shutdown, waitFor});
    // With operators, the registry has asked it already.
    if (operatorIdsOf(seeds).length === 0) openBeaconProbe(config, {now: clock.now, logger, shutdown});
    const presences = createPresences({
      ...connections,
      self: createSelf("gateway"),
      network,
      clock,
      oracles: createOraclesFact(oracles, oraclesSourceOf(config), clock.now),
      hasTokens: credentials !== undefined,
      logger,
    });
    const nkeyOf = (name: string) => (now: Participants) => accessOf(now).find(({participant}) => participant === name)?.nkey;
    const buses = [...connections.operators.values(), ...connections.sidecars.values()];
    readiness.needs(...buses.flatMap(busNeeds));
    for (const bus of buses) files.attach(bus, nkeyOf(bus.identity.participant), presences.all);
    const parts: GatewayParts = {
      network,
      clusters: files.clusters,
      participants: files.participants,
      aggregatorKey: () => files.participants().aggregatorKeys[0] as Uint8Array,
      oracles,
      ...connections,
      credentials,
      clock,
      watch: presences,
      logger,
      stopping: shutdown.signal,
      requests,
      orders: createOrders(store.db, network, logger),
      exits: createExits(store.db, network, logger),
      deposits: createDeposits(store.db, network, logger),
      reservations: createReservations(store.db, network, logger),
      depositRules,
      registry,
      manager,
      checkServers: async () => void (await Promise.all([store.ping(), ...buses.map((bus) => ping(bus, answersWithinMs))])),
    };
    const gateway = createGateway(parts, {
      policyOf,
      now,
      orderLifetimeMs: parseDurationMs(config.EXIT_LIFETIME),
      aggregatorNkey: participants.aggregator.nkey,
      resendAfterMs: parseDurationMs(config.RESEND_AFTER),
      aheadPerHour: Number(config.EXITS_PER_HOUR) / 2,
      metrics: addGatewayMetrics(metrics.registry),
    });
    const serving = {
      host: config.GATEWAY_HOST,
      port: Number(config.GATEWAY_PORT),
      requestsPerMinute: Number(config.GATEWAY_REQUESTS_PER_MINUTE),
      trustedProxies: parseTrustedProxies("GATEWAY_TRUSTED_PROXIES", config.GATEWAY_TRUSTED_PROXIES),
    };
    await waitFor("the address of the gateway", () => startGateway(gateway, serving, shutdown));
    presences.start(shutdown);
  });
}

/** The bus's clock, read on the connection of any participant: all are on one bus. */
async function openClock({operators, sidecars}: Connections, {logger, shutdown, waitFor}: StartContext): Promise<BusClock> {
  const clocks = [
    ...[...operators].map(([id, bus]) => ({bus, stream: "COMPLETIONS" as const, durable: operatorDurable(id)})),
    ...[...sidecars].map(([key, bus]) => {
      const {clusterId, shareIndex} = sidecarOfKey(key);
      return {bus, stream: "EXIT_REQUESTS" as const, durable: sidecarDurable(clusterId, shareIndex)};
    }),
  ];
  const [{bus, stream, durable}] = clocks as [(typeof clocks)[number]];
  const clock = await waitFor("nats", () => openBusClock(bus, {stream, durables: () => [durable], logger}));
  shutdown.onStop(clock.stop);
  return clock;
}
