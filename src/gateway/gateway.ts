import {type Answers, createAnswers} from "../answers/createAnswers.js";
import {createReceipts, type Receipts} from "../client/receipts.js";
import type {Clusters} from "../clusters/clusters.js";
import type {Network} from "../consensus/networks.js";
import type {DepositRules} from "../exits/depositRules.js";
import type {Bus} from "../messaging/connect.js";
import {addGatewayMetrics, type GatewayMetrics} from "../metrics/addGatewayMetrics.js";
import type {LiveOracles} from "../oracles/liveOracles.js";
import type {Participants} from "../participants/participants.js";
import type {ValidatorRegistry} from "../registry/validatorRegistry.js";
import type {Clock} from "../runtime/clock.js";
import type {Logger} from "../runtime/logger.js";
import type {Deposits} from "../store/deposits.js";
import type {Exits} from "../store/exits.js";
import type {Orders} from "../store/orders.js";
import type {Requests} from "../store/requests.js";
import type {Reservations} from "../store/reservations.js";
import type {ValidatorsManager} from "../vaults/validatorsManager.js";
import type {Credentials} from "./access/credentials.js";
import {createDepositSignatures, type DepositSignatures} from "./caches/depositSignatures.js";
import {createPollLogs, type PollLogs} from "./caches/pollLogs.js";
import {createRecent, type Recent} from "./caches/recent.js";
import {createResults, type Results} from "./caches/results.js";
import {createTellServed, type TellServed} from "./caches/tellServed.js";
import type {GatewayWatch} from "./presence/gatewayWatch.js";
import {createFilterAllowed, type FilterAllowed, type FilterOptions} from "./shares/filterAllowed.js";
import {createFilterOrdered, type FilterOrdered} from "./shares/filterOrdered.js";
import {createVerifyAndPublish, type VerifyAndPublish} from "./shares/verifyAndPublish.js";
import {sidecarKeyOf} from "./sidecarKey.js";

/** What the gateway's process opens for it. */
export type GatewayParts = {
  readonly network: Network;
  readonly clusters: Clusters;
  /** Those of participants.json now. */
  readonly participants: () => Pick<Participants, "operators" | "clusters">;
  /** 64 bytes, as participants.json has it now: shares are encrypted to it. */
  readonly aggregatorKey: () => Uint8Array;
  readonly oracles: LiveOracles;
  /** Only read here. */
  readonly requests: Pick<Requests, "findAll" | "findOpenWithDeposit">;
  readonly orders: Pick<Orders, "find">;
  readonly exits: Pick<Exits, "findAll">;
  readonly deposits: Pick<Deposits, "findAll">;
  /** Written here only. */
  readonly reservations: Reservations;
  /** By operator id, the connection of each operator that is served. */
  readonly operators: ReadonlyMap<string, Bus>;
  /** By sidecarKeyOf, the connection of each sidecar that is served. */
  readonly sidecars: ReadonlyMap<string, Bus>;
  /** Undefined: whoever reaches the server is served. */
  readonly credentials: Credentials | undefined;
  /** Which deposits are shown to sidecars, which sign whatever they are shown. */
  readonly depositRules: DepositRules;
  readonly registry: ValidatorRegistry;
  /** Undefined when the gateway holds no validators manager's key. */
  readonly manager: ValidatorsManager | undefined;
  /** Throws a DvtError when a server that the gateway needs does not answer. */
  readonly checkServers: () => Promise<void>;
  /** The bus's: an operator's requests are dated by it. */
  readonly clock: Clock;
  /** For the presences of those it speaks for. */
  readonly watch?: GatewayWatch;
  readonly logger: Logger;
  /** Aborted when the gateway is to end: nobody is kept waiting then. */
  readonly stopping: AbortSignal;
};

/** What the routes work with. The gateway is nobody on the bus itself: it speaks as the participants whose nkeys it holds. */
export type Gateway = GatewayParts & {
  readonly filterOrdered: FilterOrdered;
  readonly filterAllowed: FilterAllowed;
  /** What a sidecar that is served publishes; undefined for any other. */
  readonly answersOf: (clusterId: string, shareIndex: number) => Answers | undefined;
  /** Of an operator that is served: the relayer is told what it was given. */
  readonly receiptsOf: (operatorId: string) => Receipts | undefined;
  readonly tellServed: TellServed;
  readonly verifyAndPublish: VerifyAndPublish;
  readonly results: Results;
  readonly depositSignatures: DepositSignatures;
  /** Exits asked for, and shares published, a moment ago: the store may not have them yet. */
  readonly asked: Recent;
  readonly sent: Recent;
  readonly metrics: GatewayMetrics;
  readonly pollLogs: PollLogs;
  /** How many exits of a cluster's keys are asked for ahead within an hour. */
  readonly aheadPerHour: number;
};

type GatewayOptions = Pick<FilterOptions, "policyOf" | "now" | "retryAfterMs"> & {
  /** Nothing is shown on an operator's order that is older. */
  readonly orderLifetimeMs: number;
  readonly aggregatorNkey: string;
  /** A published request or share is not published again sooner. */
  readonly resendAfterMs: number;
  readonly aheadPerHour: number;
  readonly metrics?: GatewayMetrics;
};

export function createGateway(parts: GatewayParts, options: GatewayOptions): Gateway {
  const {aggregatorNkey, orderLifetimeMs, resendAfterMs, aheadPerHour, metrics = addGatewayMetrics(), ...policies} = options;
  const {logger, orders, participants, watch} = parts;
  const pollLogs = createPollLogs(logger);
  const sent = createRecent(resendAfterMs);
  const receiptsOf = createReceiptsOf(parts);
  return {
    ...parts,
    filterOrdered: createFilterOrdered({...policies, orders, participants, orderLifetimeMs, ...pollLogs}),
    filterAllowed: createFilterAllowed({...policies, watch, ...pollLogs}),
    answersOf: createAnswersOf(parts),
    receiptsOf,
    tellServed: createTellServed(receiptsOf, logger),
    verifyAndPublish: createVerifyAndPublish({sent, metrics, logger}),
    results: createResults({aggregatorNkey, ...pollLogs}),
    depositSignatures: createDepositSignatures(pollLogs),
    asked: createRecent(resendAfterMs),
    sent,
    metrics,
    pollLogs,
    aheadPerHour,
  };
}

/** One for each sidecar, so that what is published together travels in few messages. */
function createAnswersOf({network, sidecars, aggregatorKey, watch}: GatewayParts): Gateway["answersOf"] {
  const created = new Map<string, Answers>();
  return (clusterId, shareIndex) => {
    const key = sidecarKeyOf(clusterId, shareIndex);
    const bus = sidecars.get(key);
    if (!bus) return undefined;
    const counts = watch?.answersOf(clusterId, shareIndex);
    const answers = created.get(key) ?? createAnswers(bus, {sidecar: {network, clusterId, shareIndex}, aggregatorKey, counts});
    created.set(key, answers);
    return answers;
  };
}

/** One for each operator that is served, on its own connection. */
function createReceiptsOf({operators, logger}: GatewayParts): Gateway["receiptsOf"] {
  const receipts = new Map([...operators].map(([operatorId, bus]) => [operatorId, createReceipts(bus, {operatorId, logger})]));
  return (operatorId) => receipts.get(operatorId);
}
