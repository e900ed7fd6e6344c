import type {Cluster, Validator} from "../../clusters/cluster.js";
import {DvtError} from "../../errors.js";
import type {ExitResult} from "../../exits/completion.js";
import {type DepositId, depositKeyOf} from "../../exits/depositId.js";
import {type ExitId, exitKeyOf, validatorKeyOf} from "../../exits/exitId.js";
import {ordersOf} from "../../policy/standingOrder.js";
import type {Requesters} from "../../store/askedDeposit.js";
import type {CollectedDeposit} from "../../store/deposits.js";
import type {HeldShares} from "../../store/heldShares.js";
import type {StoredRequest} from "../../store/requestDocument.js";
import {type Caller, concerns} from "../access/caller.js";
import type {Gateway} from "../gateway.js";

export type ClusterValidator = {readonly cluster: Cluster; readonly validator: Validator};

/** By share index, the code of each sidecar that refuses the latest request. */
export type Refusals = ReadonlyMap<number, string>;

/** What is collected of the deposit that goes with an exit. */
export type DepositProgress = {
  readonly id: DepositId;
  /** Too few signed in time: no share of it is kept until it is asked for again. */
  readonly isExpired: boolean;
  /** 96 bytes in hex, as stored; whoever serves it must verify it. */
  readonly signature: string | undefined;
  /** Share indexes that are held; none once there is a signature. */
  readonly held: ReadonlySet<number>;
  readonly refusals: Refusals;
};

/** What is collected of a validator's current exit. */
export type ExitProgress = ClusterValidator & {
  readonly exit: ExitId;
  readonly head: StoredRequest;
  /** As stored; whoever serves it must verify it. */
  readonly result: ExitResult | undefined;
  /** Share indexes that are held; none once there is a result. */
  readonly held: ReadonlySet<number>;
  readonly refusals: Refusals;
  /** Undefined: no deposit was asked for with it. */
  readonly deposit: DepositProgress | undefined;
};

/** The current exits of these validators by public key, as far as anybody asked for them. */
export async function readProgress(
  gateway: Gateway,
  validators: readonly ClusterValidator[],
): Promise<ReadonlyMap<string, ExitProgress>> {
  const {network, requests} = gateway;
  const found = await requests.findAll(validators.map(({validator}) => ({network, publicKey: validator.publicKeyHex})));
  const heads = new Map([...found].flatMap(([key, it]) => (it instanceof DvtError ? [] : [[key, it] as const])));
  return collectProgress(gateway, validators, heads);
}

/** The open exits with a deposit in the caller's clusters. Other exits cost nothing, however many there are. */
export async function readOpenProgress(gateway: Gateway, caller: Caller): Promise<ExitProgress[]> {
  const heads = await gateway.requests.findOpenWithDeposit(gateway.network.name);
  const validators = [...heads.values()].flatMap(({publicKey}) => {
    const found = gateway.clusters.byPublicKey(publicKey);
    return found && concerns(caller, found.cluster) ? [found] : [];
  });
  return [...(await collectProgress(gateway, validators, heads)).values()];
}

/** `heads` by validator key. */
async function collectProgress(
  {network, exits, deposits, results, oracles}: Gateway,
  validators: readonly ClusterValidator[],
  heads: ReadonlyMap<string, StoredRequest>,
): Promise<ReadonlyMap<string, ExitProgress>> {
  const oracleSet = oracles.current();
  const current = validators.flatMap((it) => {
    const publicKey = it.validator.publicKeyHex;
    const head = heads.get(validatorKeyOf({network, publicKey}));
    return head ? [{...it, head, exit: {network, publicKey, validatorIndex: head.validatorIndex}}] : [];
  });
  const unknown = current.map(({exit}) => exit).filter((exit) => !results.find(exit, oracleSet));
  const [collected, collectedDeposits] = await Promise.all([
    exits.findAll(unknown, oracleSet.configHash),
    deposits.findAll(current.flatMap((it) => toDepositId(it) ?? [])),
  ]);
  const collectedOf = (exit: ExitId) => unlessInvalid(collected.get(exitKeyOf(exit)));
  for (const exit of unknown) {
    const result = collectedOf(exit)?.result;
    if (result) results.add(exit, oracleSet, result);
  }
  const toProgress = (it: (typeof current)[number]): ExitProgress => ({
    ...it,
    ...toShares(it.head.requesters, collectedOf(it.exit)),
    result: results.find(it.exit, oracleSet),
    deposit: toDepositProgress(it, collectedDeposits),
  });
  return new Map(current.map((it) => [it.exit.publicKey, toProgress(it)]));
}

type CurrentExit = Pick<ExitProgress, "exit" | "head">;

const toDepositId = ({exit: {network, publicKey}, head}: CurrentExit): DepositId | undefined =>
  head.deposit && {network, publicKey, deposit: head.deposit.deposit};

/** A stored document that is invalid counts as missing: the store has logged it. */
const unlessInvalid = <T>(found: T | DvtError | undefined): T | undefined => (found instanceof DvtError ? undefined : found);

function toDepositProgress(
  current: CurrentExit,
  collected: ReadonlyMap<string, CollectedDeposit | DvtError>,
): DepositProgress | undefined {
  const id = toDepositId(current);
  const asked = current.head.deposit;
  if (!id || !asked) return undefined;
  const found = unlessInvalid(collected.get(depositKeyOf(id)));
  return {id, isExpired: asked.isExpired, signature: found?.signature, ...toShares(asked.requesters, found)};
}

/** Refusals count while they answer the latest order. */
function toShares(requesters: Requesters, {shares, refusals}: Partial<HeldShares> = {}): Pick<ExitProgress, "held" | "refusals"> {
  const [latest] = ordersOf(requesters);
  const counting = [...(refusals ?? [])].filter(([, {requested_at}]) => requested_at === latest?.requestedAt);
  return {held: new Set(shares?.keys()), refusals: new Map(counting.map(([shareIndex, {code}]) => [shareIndex, code]))};
}

/** All validators of these clusters, cluster by cluster. */
export const validatorsOf = (clusters: readonly Cluster[]): ClusterValidator[] =>
  clusters.flatMap((cluster) => [...cluster.validators.values()].map((validator) => ({cluster, validator})));
