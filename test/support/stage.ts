import {readFile} from "node:fs/promises";
import {expect, inject, onTestFinished} from "vitest";
import type {Deposit} from "../../schemas/deposit.js";
import type {DepositShare} from "../../schemas/depositShare.js";
import type {ExitShare} from "../../schemas/exitShare.js";
import type {Aggregator} from "../../src/aggregator/aggregator.js";
import {createSplit} from "../../src/aggregator/exits/createSplit.js";
import {createLateShares} from "../../src/aggregator/exits/lateShares.js";
import type {Cluster, Validator} from "../../src/clusters/cluster.js";
import type {Clusters} from "../../src/clusters/clusters.js";
import {mayAskOf} from "../../src/clusters/mayAsk.js";
import {depositSigningRoot} from "../../src/consensus/deposit.js";
import {networks} from "../../src/consensus/networks.js";
import {voluntaryExitSigningRoot} from "../../src/consensus/voluntaryExit.js";
import {generatePrivateKey, publicKeyOf} from "../../src/ecies/keys.js";
import {type DepositId, depositRootOf} from "../../src/exits/depositId.js";
import {entryDigestOf, type OrderDigests, orderContent, orderIdOf} from "../../src/exits/order.js";
import {toDepositShare} from "../../src/exits/toDepositShare.js";
import {toExitShare} from "../../src/exits/toExitShare.js";
import type {KeyShares} from "../../src/keys/keyShares.js";
import {applyTopology, planTopology} from "../../src/messaging/applyTopology.js";
import type {Bus} from "../../src/messaging/connect.js";
import {toIdentity} from "../../src/messaging/identity.js";
import {deleteStreams} from "../../src/messaging/presentStreams.js";
import {consumerSpecs, streamSpecs} from "../../src/messaging/topology.js";
import {fixedOracles} from "../../src/oracles/liveOracles.js";
import {toOracleSet} from "../../src/oracles/oracleSet.js";
import {loadParticipants, type Participants} from "../../src/participants/participants.js";
import type {Relayer} from "../../src/relayer/relayer.js";
import {ownClock} from "../../src/runtime/clock.js";
import {fromHex, toHex} from "../../src/runtime/hex.js";
import {createLogger} from "../../src/runtime/logger.js";
import {type DealtValidator, dealValidator} from "../../src/sandbox/makeCluster.js";
import {connectStore} from "../../src/store/connect.js";
import {createDeposits} from "../../src/store/deposits.js";
import {createExits} from "../../src/store/exits.js";
import {createOrders, type SignedOrder} from "../../src/store/orders.js";
import {createRequests} from "../../src/store/requests.js";
import {createReservations} from "../../src/store/reservations.js";
import {castIn} from "./cast.js";
import {connectTestBus, createTestDatabase, startTestNats, type TestNats} from "./servers.js";

const network = networks.hoodi;
const silent = createLogger({role: "test", level: "silent", format: "json"});

export type Dealt = {publicKeyHex: string; validator: Validator; dealt: DealtValidator};

/** A cluster in memory, its secrets known to the test. */
export function createTestCluster(
  id: string,
  {validators = 2, size = 4, threshold = 3, operatorIds = ["op-1", "op-2"]} = {},
): {cluster: Cluster; dealt: Dealt[]} {
  const dealt = Array.from({length: validators}, (): Dealt => {
    const one = dealValidator(size, threshold);
    const publicKey = one.secretKey.toPublicKey();
    const publicKeyHex = toHex(publicKey.toBytes());
    const publicKeyShares = new Map(one.secretShares.map((share, node) => [node + 1, share.toPublicKey()]));
    return {publicKeyHex, dealt: one, validator: {publicKeyHex, publicKey, publicKeyShares}};
  });
  const cluster: Cluster = {
    type: "OBOL",
    id,
    operatorIds,
    network: network.name,
    threshold,
    validators: new Map(dealt.map((it) => [it.publicKeyHex, it.validator])),
  };
  return {cluster, dealt};
}

/** The nats-server of this worker, which runs one test at a time. */
const workerNatsUrl = (): string => inject("stageNatsUrls")[Number(process.env["VITEST_POOL_ID"]) - 1] as string;

export const loadCast = (): Promise<Participants> =>
  loadParticipants(castIn(inject("castFolder")).participantsFile, network.name);
/** A nats-server for one stage, which its test may harm. */
export const startStageNats = async (): Promise<TestNats> => startTestNats(await loadCast());

/** Streams, database, a cluster and what a relayer and an aggregator work with: the roles' handlers are called by the test. */
export async function createStage({
  reissueAfterMs = 600_000,
  exitLifetimeMs = 7 * 86_400_000,
  ackWaitMs = 30_000,
  validators = 2,
  oracles = 5,
  oracleThreshold = 3,
  nats = {url: workerNatsUrl()},
} = {}) {
  const {cluster, dealt} = createTestCluster("c1", {validators});
  const {cluster: closed, dealt: closedDealt} = createTestCluster("c2", {operatorIds: ["op-2"]});
  const clusters: Clusters = {
    all: [cluster, closed],
    awaited: [],
    byId: (id) => [cluster, closed].find((it) => it.id === id),
    byPublicKey: (key) =>
      [cluster, closed].flatMap((it) => {
        const validator = it.validators.get(key);
        return validator ? [{cluster: it, validator}] : [];
      })[0],
  };
  const privateKey = generatePrivateKey();
  const aggregatorKey = publicKeyOf(privateKey);
  const oracleKeys = Array.from({length: oracles}, generatePrivateKey);
  const oracleSet = toOracleSet(oracleKeys.map(publicKeyOf), oracleThreshold);
  const {seedFile} = castIn(inject("castFolder"));
  const participants: Participants = {
    ...(await loadCast()),
    aggregatorKeys: [aggregatorKey],
  };
  const busOf = (participant: string): Promise<Bus> => connectTestBus(participant, {url: nats.url, participants, seedFile});
  const bus = await busOf("admin");
  const {url: mongoUrl, db} = await createTestDatabase();
  const store = await connectStore(mongoUrl, silent);
  onTestFinished(store.close);
  // Those of the stage before.
  await deleteStreams(bus);
  await applyStreams(bus, participants, ackWaitMs);
  const requests = createRequests(store.db, {logger: silent, mayAsk: mayAskOf(clusters)});
  const exits = createExits(store.db, network, silent);
  await requests.createIndexes();
  await exits.createIndexes();
  const deposits = createDeposits(store.db, network, silent);
  await deposits.createIndexes();
  const reservations = createReservations(store.db, network, silent);
  const orders = createOrders(store.db, network, silent);
  const shared = {network, clusters, oracles: fixedOracles(oracleSet), requests, exits, deposits, logger: silent};
  const relayer: Relayer = {
    ...shared,
    orders,
    bus: await busOf("relayer"),
    clock: ownClock,
    reissueAfterMs,
    exitLifetimeMs,
  };
  const aggregator: Aggregator = {
    ...shared,
    bus: await busOf("aggregator"),
    clock: ownClock,
    privateKeys: [privateKey],
    publicKey: aggregatorKey,
    split: createSplit(undefined),
    lateShares: createLateShares(exits),
    completing: new Map(),
  };
  return {
    nats,
    mongoUrl,
    db,
    bus,
    busOf,
    seedFile,
    cluster,
    dealt,
    closedDealt,
    participants,
    oracleKeys,
    oracleSet,
    requests,
    exits,
    deposits,
    reservations,
    orders,
    signOrder: (unsigned: OrderDigests) => signOrder(seedFile, unsigned),
    relayer,
    aggregator,
    aggregatorKey,
  };
}
export type Stage = Awaited<ReturnType<typeof createStage>>;

export async function applyStreams(bus: Bus, participants: Participants, ackWaitMs = 30_000): Promise<void> {
  const topology = {streams: streamSpecs(1), consumers: consumerSpecs(participants, ackWaitMs), network: participants.network};
  await applyTopology(bus, await planTopology(bus, topology), {force: false});
}

/** The key shares of these validators that a sidecar holds. */
export function keySharesOf(dealt: readonly Dealt[], shareIndex: number): KeyShares {
  const signRoot = (publicKey: string, root: Uint8Array): Uint8Array => {
    const owner = dealt.find(({publicKeyHex}) => publicKeyHex === publicKey);
    return owner?.dealt.secretShares[shareIndex - 1]?.sign(root).toBytes() ?? new Uint8Array();
  };
  return {
    shareIndex,
    publicKeys: new Set(dealt.map(({publicKeyHex}) => publicKeyHex)),
    sign: async ({publicKey, validatorIndex}) => signRoot(publicKey, voluntaryExitSigningRoot(network, validatorIndex)),
    signDeposit: async ({publicKey, withdrawalCredentials, amount}) =>
      signRoot(publicKey, depositSigningRoot(network, {pubkey: fromHex(publicKey), withdrawalCredentials, amount})),
  };
}

export const aVault = `0x${"a1".repeat(20)}`;
export const aDeposit = (change: Partial<Deposit> = {}): Deposit => ({
  vault: aVault,
  amount: 32_000_000_000,
  validator_type: "0x01",
  ...change,
});

export const depositIdOf = ({dealt}: Pick<Stage, "dealt">, {of = 0, deposit = aDeposit()} = {}): DepositId => ({
  network,
  publicKey: (dealt[of] as Dealt).publicKeyHex,
  deposit,
});

/** Where an operator is told of the deposit of the first validator. */
export const depositAnswer = (stage: Stage, deposit = aDeposit(), operatorId = "op-1"): Promise<unknown> => {
  const {vault, amount, validator_type} = deposit;
  const key = (stage.dealt[0] as Dealt).publicKeyHex;
  return lastMessage(
    stage.bus,
    "COMPLETIONS",
    `dvt.v2.deposit_completions.hoodi.${operatorId}.${key}.${vault}.${amount}.${validator_type}`,
  );
};

/** The order as its operator signs it. */
export async function signOrder(seedFile: (participant: string) => string, order: OrderDigests): Promise<SignedOrder> {
  const participant = `operator-${order.operatorId}`;
  const identity = toIdentity(participant, await readFile(seedFile(participant), "utf8"));
  return {...order, signature: Buffer.from(identity.sign("order", orderContent(order))).toString("base64")};
}

type Shown = {of?: number; shareIndex?: number; deposit?: Deposit};

/** What a good sidecar says of this deposit; a test spoils it. */
export const aDepositShare = (stage: Pick<Stage, "dealt">, {of = 0, ...shown}: Shown = {}): DepositShare =>
  depositSharesOf(stage, [of], shown);

/** What a good sidecar says, in one message, of this deposit of several validators. */
export const depositSharesOf = (
  stage: Pick<Stage, "dealt">,
  validators: readonly number[],
  {shareIndex = 1, deposit = aDeposit()}: Omit<Shown, "of"> = {},
): DepositShare =>
  toDepositShare(
    {network, clusterId: "c1", shareIndex},
    validators.map((of) => {
      const id = depositIdOf(stage, {of, deposit});
      return {id, signature: signWith(stage, of, shareIndex, depositRootOf(id))};
    }),
  );

/** What a good sidecar says of this exit; a test spoils it. */
export const aShare = (stage: Stage, {of = 0, shareIndex = 1, validatorIndex = 1000} = {}): ExitShare =>
  sharesOf(stage, [of], {shareIndex, validatorIndex: validatorIndex - of});

/** What a good sidecar says, in one message, of the exits of several validators, whose indexes are as `ask` has them. */
export const sharesOf = (stage: Stage, validators: readonly number[], {shareIndex = 1, validatorIndex = 1000} = {}): ExitShare =>
  toExitShare(
    {network, clusterId: "c1", shareIndex},
    validators.map((of) => {
      const exit = {network, publicKey: (stage.dealt[of] as Dealt).publicKeyHex, validatorIndex: validatorIndex + of};
      return {exit, signature: signWith(stage, of, shareIndex, voluntaryExitSigningRoot(network, exit.validatorIndex))};
    }),
    stage.aggregatorKey,
  );

/** Zeros where there is no such share index. */
function signWith({dealt}: Pick<Stage, "dealt">, of: number, shareIndex: number, root: Uint8Array): Uint8Array {
  const secret = (dealt[of] as Dealt).dealt.secretShares[shareIndex - 1];
  return secret?.sign(root).toBytes() ?? new Uint8Array(96);
}

type Asking = {
  clusterId?: string;
  of?: number;
  count?: number;
  validatorIndex?: number;
  operatorId?: string;
  requestedAt?: number;
  deposit?: Deposit;
};

type Asked = Pick<Stage, "requests" | "orders" | "signOrder"> & {readonly dealt: readonly Pick<Dealt, "publicKeyHex">[]};

/** Asks for the exits of `count` validators from the one `of` this position, as a claimed batch would. */
export async function ask({requests, orders, dealt, signOrder}: Asked, asking: Asking = {}) {
  const {clusterId = "c1", of = 0, count = 1, validatorIndex = 1000} = asking;
  const {operatorId = "op-1", requestedAt = Date.now(), deposit} = asking;
  const asked = dealt.slice(of, of + count).map(({publicKeyHex}, position) => ({
    public_key: publicKeyHex,
    validator_index: validatorIndex + of + position,
    ...(deposit && {deposit}),
  }));
  const order = await signOrder({network: network.name, operatorId, requestedAt, digests: asked.map(entryDigestOf)});
  await orders.add([{...order, publicKeys: asked.map(({public_key}) => public_key)}]);
  const asks = asked.map(({public_key, validator_index}) => ({
    exit: {network, publicKey: public_key, validatorIndex: validator_index},
    clusterId,
    operatorId,
    requestedAt,
    orderId: orderIdOf(order),
    deposit,
  }));
  return requests.claim(asks, Date.now(), 600_000);
}

/** The last message that a stream holds on the subject, or undefined. */
export async function lastMessage(bus: Bus, stream: string, subject: string): Promise<unknown> {
  const jsm = await bus.connection.jetstreamManager();
  try {
    return (await jsm.streams.getMessage(stream, {last_by_subj: subject})).json();
  } catch {
    return undefined;
  }
}

/** The same where one is on its way: it is on the wire a moment before the stream has stored it. */
export async function storedMessage(bus: Bus, stream: string, subject: string): Promise<unknown> {
  await expect.poll(() => lastMessage(bus, stream, subject), {interval: 5}).toBeDefined();
  return lastMessage(bus, stream, subject);
}

export async function messagesIn(bus: Bus, stream: string): Promise<number> {
  const jsm = await bus.connection.jetstreamManager();
  return (await jsm.streams.info(stream)).state.messages;
}
