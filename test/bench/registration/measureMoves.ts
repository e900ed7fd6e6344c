import {setTimeout as delay} from "node:timers/promises";
import {loadCluster, toClusters} from "../../../src/clusters/clusters.js";
import {mayAskOf} from "../../../src/clusters/mayAsk.js";
import {createVaultSigner} from "../../../src/execution/vaultSignature.js";
import {createGateway, type GatewayParts} from "../../../src/gateway/gateway.js";
import {startGateway} from "../../../src/gateway/startGateway.js";
import {connectBus} from "../../../src/messaging/connect.js";
import {toIdentity} from "../../../src/messaging/identity.js";
import {fixedOracles} from "../../../src/oracles/liveOracles.js";
import {loadOracleSet} from "../../../src/oracles/oracleSet.js";
import {loadParticipants} from "../../../src/participants/participants.js";
import {indexesAhead} from "../../../src/registry/roundsAhead.js";
import {ownClock} from "../../../src/runtime/clock.js";
import {createLogger} from "../../../src/runtime/logger.js";
import type {Shutdown} from "../../../src/runtime/shutdown.js";
import {createDeposits} from "../../../src/store/deposits.js";
import {createExits} from "../../../src/store/exits.js";
import {createOrders} from "../../../src/store/orders.js";
import {createRequests} from "../../../src/store/requests.js";
import {createReservations} from "../../../src/store/reservations.js";
import {createValidatorsManager} from "../../../src/vaults/createValidatorsManager.js";
import {type Figure, toFigure} from "../figures.js";
import {type BenchSystem, clusterId, createBenchSystem, network, operatorId, readSeed} from "../system/benchSystem.js";

export type MovesOptions = {
  readonly validators: readonly number[];
  readonly oracles: number;
  readonly threshold: number;
  readonly rounds: number;
};
type Context = {readonly shutdown: Shutdown; readonly announce: (step: string) => void};

const vault = `0x${"a1".repeat(20)}`;
const amount = 32_000_000_000;
const noRoot = `0x${"00".repeat(32)}`;
const settleMs = 500;
const allowedRequests = 1_000_000;
/** How far the next index moves, one after the other. */
const moves = [1, 2, 3];
const logger = createLogger({role: "bench", level: "error", format: "plain"});

/**
 * How long a gateway takes to answer a registration after somebody else's deposit moved the next index: with its exits signed anew, and
 * with exits ahead. Relayer, aggregator and four sidecars are processes of their own.
 */
export async function measureMoves(options: MovesOptions, {shutdown, announce}: Context): Promise<Figure[]> {
  const {oracles, threshold: oracleThreshold} = options;
  const most = Math.max(...options.validators);
  const nodes = {sidecars: 4, threshold: 3};
  const system = await createBenchSystem(
    {validators: most, ...nodes, oracles, oracleThreshold, count: false},
    {shutdown, announce},
  );
  announce("starting relayer, aggregator and sidecars");
  for (const role of ["relayer", "aggregator"] as const) await system.start(role);
  for (let node = 0; node < nodes.sidecars; node++) await system.start("sidecar", {node, env: {ALLOWED_VAULTS: vault}});
  const chain = {nextIndex: 1000};
  const opened = await openParts(system, chain, shutdown);
  const figures: Figure[] = [];
  for (const validators of options.validators) {
    for (const isAhead of [false, true]) {
      const how = isAhead ? "exits ahead" : "signed anew";
      const url = await open(opened, {aheadPerHour: isAhead ? Number.POSITIVE_INFINITY : 0}, shutdown);
      const amounts = Array.from({length: validators}, () => amount);
      const times: number[] = [];
      await registerAt(url, chain.nextIndex, amounts);
      for (let round = 0; round < options.rounds; round++) {
        announce(
          `${validators} ${validators === 1 ? "validator" : "validators"}, ${how}, move ${round + 1} of ${options.rounds}`,
        );
        if (isAhead) await untilAhead(opened, chain.nextIndex + validators, system.publicKeys.slice(0, validators));
        chain.nextIndex += moves[round % moves.length] as number;
        times.push(await registerAt(url, chain.nextIndex, amounts));
      }
      figures.push(toFigure(`${validators}: a gateway's answer after a move, ${how}`, "ms", times));
      // So that nothing is there already.
      chain.nextIndex += 1000;
    }
  }
  return figures;
}

type Opened = {readonly parts: GatewayParts; readonly aggregatorNkey: string};

/** What a gateway works with, on a chain whose next index the benchmark moves. */
async function openParts(system: BenchSystem, chain: {readonly nextIndex: number}, shutdown: Shutdown): Promise<Opened> {
  const participants = await loadParticipants(system.participantsFile, network.name);
  const clusters = toClusters(await Promise.all(participants.clusters.map((entry) => loadCluster(entry, network.name))));
  const identity = toIdentity(`operator-${operatorId}`, await readSeed(system, `operator-${operatorId}`));
  const bus = await connectBus({url: system.nats.url, identity, participants, logger});
  shutdown.onStop(bus.close);
  const {db} = system.database.store;
  const signer = createVaultSigner(new Uint8Array(32).fill(7), network.chainId);
  const rules = {
    vault,
    clusters: new Set([clusterId]),
    operations: new Map([["register", {maxAmount: amount}]] as const),
    allowFullExits: false,
  };
  const parts: GatewayParts = {
    network,
    clusters,
    participants: () => participants,
    aggregatorKey: () => participants.aggregatorKeys[0] as Uint8Array,
    oracles: fixedOracles(await loadOracleSet(system.oraclesFile)),
    requests: createRequests(db, {logger, mayAsk: mayAskOf(clusters)}),
    orders: createOrders(db, network, logger),
    exits: createExits(db, network, logger),
    deposits: createDeposits(db, network, logger),
    reservations: createReservations(db, network, logger),
    operators: new Map([[operatorId, bus]]),
    sidecars: new Map(),
    credentials: undefined,
    depositRules: {allowedVaults: new Set([vault]), withdrawalAddressOf: () => undefined},
    // What a node answers at once.
    registry: {read: async () => ({nextIndex: chain.nextIndex, isRegistered: () => false})},
    manager: createValidatorsManager({
      signer,
      contracts: {
        depositRoot: async () => noRoot,
        managerNonce: async () => noRoot,
        validatorsManager: async () => signer.address,
        isContract: async () => false,
        askSignature: async () => "no contract",
      },
      rules: new Map([[vault, rules]]),
      chain: undefined,
    }),
    checkServers: async () => {},
    clock: ownClock,
    logger,
    stopping: shutdown.signal,
  };
  return {parts, aggregatorNkey: participants.aggregator.nkey};
}

/** A gateway in this process; returns its URL. */
async function open(
  {parts, aggregatorNkey}: Opened,
  limits: {readonly aheadPerHour: number},
  shutdown: Shutdown,
): Promise<string> {
  const gateway = createGateway(parts, {
    policyOf: () => undefined,
    now: Date.now,
    orderLifetimeMs: 86_400_000,
    aggregatorNkey,
    resendAfterMs: 30_000,
    ...limits,
  });
  const port = await startGateway(
    gateway,
    {host: "127.0.0.1", port: 0, requestsPerMinute: allowedRequests, trustedProxies: []},
    shutdown,
  );
  return `http://127.0.0.1:${port}`;
}

/** As an operator does that polls; returns the milliseconds until it has the signature. */
async function registerAt(url: string, startIndex: number, amounts: readonly number[]): Promise<number> {
  const body = JSON.stringify({vault, validators_start_index: startIndex, amounts, validator_type: "0x02"});
  const askedAt = performance.now();
  for (;;) {
    const response = await fetch(`${url}/register`, {method: "POST", headers: {"content-type": "application/json"}, body});
    const answer = (await response.json()) as {validators_manager_signature?: string | null; detail?: string};
    if (!response.ok) throw new Error(`bench: the gateway answers ${response.status}: ${answer.detail}`);
    if (answer.validators_manager_signature) return performance.now() - askedAt;
  }
}

/** Until an exit of any of these validators is there for each of the next indexes. */
async function untilAhead({parts}: Opened, from: number, publicKeys: readonly string[]): Promise<void> {
  const indexes = Array.from({length: indexesAhead}, (_, position) => from + position);
  const exits = indexes.flatMap((validatorIndex) => publicKeys.map((publicKey) => ({network, publicKey, validatorIndex})));
  while ((await parts.exits.findAll(exits, parts.oracles.current().configHash)).size < indexes.length) {
    await delay(50, undefined, {signal: parts.stopping});
  }
  // Those that are collected are complete soon, and the keys' own exits current again.
  await delay(settleMs, undefined, {signal: parts.stopping});
}
