import {onTestFinished} from "vitest";
import type {Deposit} from "../../schemas/deposit.js";
import {startAggregator} from "../../src/aggregator/startAggregator.js";
import {networks} from "../../src/consensus/networks.js";
import {voluntaryExitSigningRoot} from "../../src/consensus/voluntaryExit.js";
import {depositRootOf} from "../../src/exits/depositId.js";
import type {Credentials} from "../../src/gateway/access/credentials.js";
import {createGateway, type GatewayParts} from "../../src/gateway/gateway.js";
import type {GatewayWatch} from "../../src/gateway/presence/gatewayWatch.js";
import {sidecarKeyOf} from "../../src/gateway/sidecarKey.js";
import {startGateway} from "../../src/gateway/startGateway.js";
import {ping} from "../../src/messaging/ping.js";
import type {Policy} from "../../src/policy/policy.js";
import {fixedRegistry, type ValidatorRegistry} from "../../src/registry/validatorRegistry.js";
import {startRelayer} from "../../src/relayer/startRelayer.js";
import {ownClock} from "../../src/runtime/clock.js";
import {toHex} from "../../src/runtime/hex.js";
import type {Logger} from "../../src/runtime/logger.js";
import {createShutdown, type Shutdown} from "../../src/runtime/shutdown.js";
import type {ValidatorsManager} from "../../src/vaults/validatorsManager.js";
import {silent} from "./servers.js";
import {aVault, type Dealt, type Stage} from "./stage.js";

type Settings = {
  operatorIds?: readonly string[];
  shareIndexes?: readonly number[];
  credentials?: Credentials;
  nextValidatorIndex?: number;
  registry?: ValidatorRegistry;
  manager?: ValidatorsManager;
  /** Vaults whose deposits are shown to sidecars. */
  allowedVaults?: readonly string[];
  /** Which exits are shown to sidecars; all of them if undefined. */
  exitPolicy?: Policy;
  requestsPerMinute?: number;
  /** Nothing is shown on an older order. */
  orderLifetimeMs?: number;
  logger?: Logger;
  /** How soon a request or share may be published again. */
  resendAfterMs?: number;
  aheadPerHour?: number;
  /** Receives the fields of each warning in the log. */
  onWarning?: (fields: object) => void;
  watchOf?: (connections: Pick<GatewayParts, "operators" | "sidecars">) => GatewayWatch;
};

export type TestGateway = {url: string; stop(): Promise<void>};

/** A gateway for a stage's cluster, on loopback, that speaks for these participants. */
export async function startTestGateway(stage: Stage, settings: Settings = {}): Promise<TestGateway> {
  const {
    operatorIds = ["op-1"],
    shareIndexes = [1, 2, 3, 4],
    credentials,
    nextValidatorIndex = 1000,
    requestsPerMinute = 600,
    resendAfterMs = 30_000,
    aheadPerHour = 500,
    manager,
    allowedVaults = [aVault],
    exitPolicy,
    orderLifetimeMs = 7 * 86_400_000,
    registry = fixedRegistry(nextValidatorIndex),
    logger = silent,
    onWarning,
    watchOf,
  } = settings;
  const operators = new Map(await Promise.all(operatorIds.map(async (id) => [id, await stage.busOf(`operator-${id}`)] as const)));
  const sidecars = new Map(
    await Promise.all(
      shareIndexes.map(async (index) => [sidecarKeyOf("c1", index), await stage.busOf(`sidecar-c1-${index}`)] as const),
    ),
  );
  const {aggregatorKey, requests, orders, exits, deposits, reservations, participants, relayer} = stage;
  const buses = [...operators.values(), ...sidecars.values()];
  const shutdown = shutdownOfTest();
  const parts: GatewayParts = {
    network: networks.hoodi,
    clusters: relayer.clusters,
    participants: () => participants,
    aggregatorKey: () => aggregatorKey,
    oracles: relayer.oracles,
    requests,
    orders,
    exits,
    deposits,
    reservations,
    operators,
    sidecars,
    credentials,
    logger: onWarning ? reportWarnings(logger, onWarning) : logger,
    stopping: shutdown.signal,
    registry,
    manager,
    clock: ownClock,
    ...(watchOf && {watch: watchOf({operators, sidecars})}),
    depositRules: {allowedVaults: new Set(allowedVaults), withdrawalAddressOf: () => undefined},
    checkServers: async () => void (await Promise.all(buses.map((bus) => ping(bus, 500)))),
  };
  const gateway = createGateway(parts, {
    policyOf: () => exitPolicy,
    now: Date.now,
    orderLifetimeMs,
    retryAfterMs: 0,
    aggregatorNkey: participants.aggregator.nkey,
    resendAfterMs,
    aheadPerHour,
  });
  const port = await startGateway(gateway, {host: "127.0.0.1", port: 0, requestsPerMinute, trustedProxies: []}, shutdown);
  return {url: `http://127.0.0.1:${port}`, stop: shutdown.stop};
}

/** The same logger, but `onWarning` receives its warnings. */
const reportWarnings = (logger: Logger, onWarning: (fields: object) => void): Logger =>
  Object.assign(logger.child({}), {warn: onWarning});

export function shutdownOfTest(): Shutdown {
  const shutdown = createShutdown({
    onError: (error) => {
      throw error;
    },
  });
  onTestFinished(shutdown.stop);
  return shutdown;
}

/** Starts the relayer and the aggregator behind the gateway. */
export async function startCentre(stage: Stage): Promise<void> {
  const shutdown = shutdownOfTest();
  await startRelayer(stage.relayer, shutdown);
  await startAggregator(stage.aggregator, shutdown);
}

export type Answer = {status: number; reason: string; headers: Headers; body: Record<string, unknown>};

export async function send(url: string, {method = "GET", authorization, body}: Sending = {}): Promise<Answer> {
  const headers = {...(authorization && {authorization}), ...(body !== undefined && {"content-type": "application/json"})};
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const response = await fetch(url, {
    method,
    headers,
    signal: AbortSignal.timeout(30_000),
    ...(body !== undefined && {body: text}),
  });
  const answer = await response.text();
  const isJson = response.headers.get("content-type")?.includes("json") === true;
  return {
    status: response.status,
    reason: response.statusText,
    headers: response.headers,
    body: isJson ? JSON.parse(answer) : {text: answer},
  };
}
type Sending = {method?: string; authorization?: string | undefined; body?: unknown};

export const post = (url: string, body: unknown, authorization?: string): Promise<Answer> =>
  send(url, {method: "POST", body, authorization});

/** The 96 bytes in hex that a validator's node signs of its exit. */
export const signatureOf = ({dealt}: Dealt, shareIndex: number, validatorIndex: number): string =>
  toHex(
    dealt.secretShares[shareIndex - 1]?.sign(voluntaryExitSigningRoot(networks.hoodi, validatorIndex)).toBytes() ??
      new Uint8Array(),
  );

type Listed = {public_key: string; validator_index: number; is_exit_signature_ready: boolean};

/** One poll of StakeWise's sidecar: reads which exits are not ready, and posts its shares of all of them, if there are any. */
export async function pollAsSidecar(
  url: string,
  stage: Stage,
  shareIndex: number,
  authorization?: string,
): Promise<Answer | undefined> {
  const {body} = await send(`${url}/exits`, {authorization});
  const open = (body["exits"] as Listed[]).filter((exit) => !exit.is_exit_signature_ready);
  const shares = open.map(({public_key, validator_index}) => ({
    public_key,
    exit_signature: signatureOf(stage.dealt.find((it) => it.publicKeyHex === public_key) as Dealt, shareIndex, validator_index),
  }));
  return shares.length > 0 ? post(`${url}/exit-signature`, {share_index: shareIndex, shares}, authorization) : undefined;
}

export type ListedDeposit = Deposit & {
  readonly public_key: string;
  readonly validator_index: number;
  readonly share_indexes_ready: readonly number[];
  readonly is_signatures_ready: boolean;
};

/** What a StakeWise sidecar of version 2 posts for a validator that GET /validators lists. */
export function signaturesFor(stage: Stage, listed: ListedDeposit, shareIndex: number) {
  const owner = stage.dealt.find(({publicKeyHex}) => publicKeyHex === listed.public_key) as Dealt;
  const {vault, amount, validator_type} = listed;
  const id = {network: networks.hoodi, publicKey: listed.public_key, deposit: {vault, amount, validator_type}};
  const deposit = owner.dealt.secretShares[shareIndex - 1]?.sign(depositRootOf(id)).toBytes();
  return {
    public_key: listed.public_key,
    public_key_shares: owner.dealt.secretShares.map((share, node) => ({
      share_index: node + 1,
      public_key_share: toHex(share.toPublicKey().toBytes()),
    })),
    exit_signature: signatureOf(owner, shareIndex, listed.validator_index),
    deposit_signature: toHex(deposit ?? new Uint8Array()),
  };
}

type PollingV2 = {authorization?: string; sendsPublicKeyShares?: boolean};

/**
 * One poll of version 2, which polls every 2 s: reads which validators need signatures, and posts those that it has not given yet in
 * one request. It waits 10 s for an answer, and ends at any other 200 than the one that it expects.
 */
export async function pollAsSidecarV2(
  url: string,
  stage: Stage,
  shareIndex: number,
  {authorization, sendsPublicKeyShares = true}: PollingV2 = {},
): Promise<{listed: readonly ListedDeposit[]; answer: Answer | undefined}> {
  const {status, reason, body} = await send(`${url}/validators`, {authorization});
  if (status !== 200) throw new Error(`poll failed: ${status} ${reason}`);
  const listed = body["validators"] as ListedDeposit[];
  const shares = listed
    .filter((it) => !it.is_signatures_ready && !it.share_indexes_ready.includes(shareIndex))
    .map((it) => {
      const {public_key_shares, ...signatures} = signaturesFor(stage, it, shareIndex);
      return {...signatures, ...(sendsPublicKeyShares && {public_key_shares})};
    });
  const answer =
    shares.length > 0 ? await post(`${url}/signatures`, {share_index: shareIndex, shares}, authorization) : undefined;
  return {listed, answer};
}
