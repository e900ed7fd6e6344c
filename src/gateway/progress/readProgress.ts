import type {Deposit} from "../../../schemas/deposit.js";
import type {Cluster, Validator} from "../../clusters/cluster.js";
import {DvtError} from "../../errors.js";
import type {ExitResult} from "../../exits/completion.js";
import {type DepositId, depositKeyOf, isSameDeposit} from "../../exits/depositId.js";
import {type ExitId, exitKeyOf, validatorKeyOf} from "../../exits/exitId.js";
import {ordersOf} from "../../policy/standingOrder.js";
import type {AskedDeposit, Requesters} from "../../store/askedDeposit.js";
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

/** What is collected of an exit. */
type Collected = {
  /** As stored; whoever serves it must verify it. */
  readonly result: ExitResult | undefined;
  /** Share indexes that are held; none once there is a result. */
  readonly held: ReadonlySet<number>;
  readonly refusals: Refusals;
  /** Undefined: no deposit was asked for with it. */
  readonly deposit: DepositProgress | undefined;
};

/** What is collected of a validator's current exit. */
export type ExitProgress = ClusterValidator & Collected & {readonly exit: ExitId; readonly head: StoredRequest};

/** An exit at an index that an operator wants, with the deposit that goes with it. */
export type WantedExit = ClusterValidator & {
  readonly publicKey: string;
  readonly validatorIndex: number;
  readonly deposit?: Deposit | undefined;
};

/** What is collected of a wanted exit and its deposit, whether it is its key's current one or not. */
export type WantedProgress = ClusterValidator &
  Collected & {
    readonly exit: ExitId;
    /** The request for the key's current exit, whatever its index; undefined: nobody asked for any. */
    readonly head: StoredRequest | undefined;
  };

/** The current exits of these validators by public key, as far as anybody asked for them. */
export async function readProgress(
  gateway: Gateway,
  validators: readonly ClusterValidator[],
): Promise<ReadonlyMap<string, ExitProgress>> {
  return collectCurrent(gateway, validators, await findHeads(gateway, validators));
}

/** What is collected of these exits, in their order. A result is that of the very index, whichever is the key's current one. */
export async function readWanted(gateway: Gateway, wanted: readonly WantedExit[]): Promise<WantedProgress[]> {
  const {network} = gateway;
  const heads = await findHeads(gateway, wanted);
  return collect(
    gateway,
    wanted.map(({cluster, validator, publicKey, validatorIndex, deposit}) => ({
      cluster,
      validator,
      exit: {network, publicKey, validatorIndex},
      head: heads.get(validatorKeyOf({network, publicKey})),
      depositId: deposit && {network, publicKey, deposit},
    })),
  );
}

/** The current exits of these validators, by validator key. A stored document that is invalid counts as missing: the store has logged it. */
export async function findHeads(
  {network, requests}: Pick<Gateway, "network" | "requests">,
  validators: readonly ClusterValidator[],
): Promise<ReadonlyMap<string, StoredRequest>> {
  const found = await requests.findAll(validators.map(({validator}) => ({network, publicKey: validator.publicKeyHex})));
  return new Map([...found].flatMap(([key, it]) => (it instanceof DvtError ? [] : [[key, it] as const])));
}

/** The open exits with a deposit in the caller's clusters. Other exits cost nothing, however many there are. */
export async function readOpenProgress(gateway: Gateway, caller: Caller): Promise<ExitProgress[]> {
  const heads = await gateway.requests.findOpenWithDeposit(gateway.network.name);
  const validators = [...heads.values()].flatMap(({publicKey}) => {
    const found = gateway.clusters.byPublicKey(publicKey);
    return found && concerns(caller, found.cluster) ? [found] : [];
  });
  return [...(await collectCurrent(gateway, validators, heads)).values()];
}

/** `heads` by validator key. */
async function collectCurrent(
  gateway: Gateway,
  validators: readonly ClusterValidator[],
  heads: ReadonlyMap<string, StoredRequest>,
): Promise<ReadonlyMap<string, ExitProgress>> {
  const {network} = gateway;
  const current = validators.flatMap((it) => {
    const publicKey = it.validator.publicKeyHex;
    const head = heads.get(validatorKeyOf({network, publicKey}));
    if (!head) return [];
    const depositId = head.deposit && {network, publicKey, deposit: head.deposit.deposit};
    return [{...it, head, exit: {network, publicKey, validatorIndex: head.validatorIndex}, depositId}];
  });
  return new Map((await collect(gateway, current)).map((it) => [it.exit.publicKey, it]));
}

type ToCollect = {
  readonly exit: ExitId;
  readonly head: StoredRequest | undefined;
  readonly depositId: DepositId | undefined;
};

async function collect<T extends ToCollect>(gateway: Gateway, all: readonly T[]): Promise<(T & Collected)[]> {
  const {exits, deposits, results, oracles} = gateway;
  const oracleSet = oracles.current();
  const unknown = all.map(({exit}) => exit).filter((exit) => !results.find(exit, oracleSet));
  const [collected, collectedDeposits] = await Promise.all([
    exits.findAll(unknown, oracleSet.configHash),
    deposits.findAll(all.flatMap(({depositId}) => depositId ?? [])),
  ]);
  const collectedOf = (exit: ExitId) => unlessInvalid(collected.get(exitKeyOf(exit)));
  for (const exit of unknown) {
    const result = collectedOf(exit)?.result;
    if (result) results.add(exit, oracleSet, result);
  }
  return all.map((it) => ({
    ...it,
    ...toShares(requestersOf(it), collectedOf(it.exit)),
    result: collectedOf(it.exit)?.result ?? results.find(it.exit, oracleSet),
    deposit: toDepositProgress(it, collectedDeposits),
  }));
}

const nobody: Requesters = new Map();

/** Of this very exit. */
const requestersOf = ({exit, head}: ToCollect): Requesters =>
  head?.validatorIndex === exit.validatorIndex ? head.requesters : nobody;

/** A stored document that is invalid counts as missing: the store has logged it. */
const unlessInvalid = <T>(found: T | DvtError | undefined): T | undefined => (found instanceof DvtError ? undefined : found);

function toDepositProgress(
  {head, depositId: id}: ToCollect,
  collected: ReadonlyMap<string, CollectedDeposit | DvtError>,
): DepositProgress | undefined {
  if (!id) return undefined;
  const asked = askedIn(head, id.deposit);
  const found = unlessInvalid(collected.get(depositKeyOf(id)));
  return {
    id,
    isExpired: asked?.isExpired ?? false,
    signature: found?.signature,
    ...toShares(asked?.requesters ?? nobody, found),
  };
}

/** The request for this very deposit, if it goes with the key's current exit. */
export const askedIn = (head: StoredRequest | undefined, wanted: Deposit): AskedDeposit | undefined =>
  head?.deposit && isSameDeposit(head.deposit.deposit, wanted) ? head.deposit : undefined;

/** Refusals count while they answer the latest order. */
function toShares(requesters: Requesters, {shares, refusals}: Partial<HeldShares> = {}): Pick<ExitProgress, "held" | "refusals"> {
  const [latest] = ordersOf(requesters);
  const counting = [...(refusals ?? [])].filter(([, {requested_at}]) => requested_at === latest?.requestedAt);
  return {held: new Set(shares?.keys()), refusals: new Map(counting.map(([shareIndex, {code}]) => [shareIndex, code]))};
}

/** All validators of these clusters, cluster by cluster. */
export const validatorsOf = (clusters: readonly Cluster[]): ClusterValidator[] =>
  clusters.flatMap((cluster) => [...cluster.validators.values()].map((validator) => ({cluster, validator})));
