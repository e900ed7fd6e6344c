import type {Deposit} from "../../../schemas/deposit.js";
import {fullStakeGwei} from "../../consensus/deposit.js";
import {DvtError} from "../../errors.js";
import {placeInTurn} from "../../registry/placeInTurn.js";
import type {Reservation, ReservationMap, Reservations} from "../../store/reservations.js";
import {type VaultRules, whyNotCluster} from "../../vaults/vaultRules.js";
import {Problem} from "../../web/problem.js";
import type {Caller} from "../access/caller.js";
import {busOf} from "../asking/askForMissing.js";
import type {PollLogs} from "../caches/pollLogs.js";
import type {Gateway} from "../gateway.js";
import {type ClusterValidator, validatorsOf} from "../progress/readProgress.js";
import {readStanding, type Standing} from "./readStanding.js";

/** The validators that a vault wants to register next. */
export type WantedValidators = Pick<Deposit, "vault" | "validator_type"> & {
  /** In gwei, one for each. */
  readonly amounts: readonly number[];
  /** The index that the first of them will get. */
  readonly startIndex: number;
};

/** A validator that is to be registered, with its index and deposit. */
export type ChosenValidator = ClusterValidator & Reservation;

type Candidates = {
  /** In whose name they are asked for. */
  readonly operatorId: string;
  /** Cluster by cluster, in the order of the files. */
  readonly validators: readonly ClusterValidator[];
};

/**
 * The vault's validators that the caller may ask for; when callers are not asked who they are, those of the first operator who has any.
 * NOT_ALLOWED when the gateway does not speak for the operator.
 */
export function findCandidates(gateway: Gateway, caller: Caller, rules: VaultRules): Candidates {
  const operatorIds = caller.as === "operator" ? [caller.operatorId] : [...gateway.operators.keys()];
  const found = operatorIds.map((operatorId) => ({operatorId, validators: candidatesOf(gateway, operatorId, rules)}));
  const candidates = found.find(({validators}) => validators.length > 0) ?? found[0];
  if (!candidates) throw new Problem("NOT_ALLOWED", "this gateway speaks for no operator");
  busOf(gateway, candidates.operatorId);
  return candidates;
}

const candidatesOf = ({clusters}: Gateway, operatorId: string, rules: VaultRules): ClusterValidator[] =>
  validatorsOf(
    clusters.all.filter(({id, operatorIds}) => operatorIds.includes(operatorId) && whyNotCluster(rules, id) === undefined),
  );

/**
 * The next validators of the vault, each reserved for it, in the order of their indexes. `isAtIndex` is false when the operator counts
 * another next index than the registry: then nothing is reserved, and the earlier reservations are returned.
 */
export async function chooseValidators(
  gateway: Gateway,
  candidates: readonly ClusterValidator[],
  wanted: WantedValidators,
): Promise<{isAtIndex: boolean; chosen: ChosenValidator[]}> {
  const {registry, reservations, metrics, watch, pollLogs} = gateway;
  const {vault, startIndex} = wanted;
  const {nextIndex, isRegistered} = await registry.read(candidates.map(({validator}) => validator.publicKeyHex));
  const byKey = new Map(candidates.map((it) => [it.validator.publicKeyHex, it]));
  const validatorOf = (key: string): ClusterValidator => byKey.get(key) as ClusterValidator;
  const keys = [...byKey.keys()].filter((key) => !isRegistered(key));
  const before = await reservations.findAll(keys);
  const isAtIndex = nextIndex === startIndex;
  const standingOf: StandingOf = (some, reserved) => readStanding(gateway, some.map(validatorOf), {startIndex, reserved});
  const {chosen, reserved} = isAtIndex
    ? await reserveKeys(reservations, {keys, reserved: before, wanted, standingOf})
    : {chosen: reservedFor(keys, before, wanted), reserved: before};
  const keysLeft = freeKeys(keys, reserved, wanted).length;
  metrics.keysLeft.set({vault}, keysLeft);
  watch?.keysLeft(vault, keysLeft);
  logChoice(pollLogs, wanted, {nextIndex, keys: chosen.length});
  return {isAtIndex, chosen: chosen.map((it) => ({...validatorOf(it.publicKey), ...it}))};
}

function logChoice(
  {otherIndex, fewKeys}: PollLogs,
  {vault, startIndex, amounts}: WantedValidators,
  {nextIndex, keys}: {nextIndex: number; keys: number},
): void {
  const indexes = {validators_start_index: startIndex, next_index: nextIndex};
  if (nextIndex !== startIndex) {
    otherIndex.waits(vault, {vault}, undefined, () => indexes);
    return;
  }
  otherIndex.settled(vault);
  if (keys < amounts.length) fewKeys.waits(vault, {vault}, undefined, () => ({asked: amounts.length, keys}));
  else fewKeys.settled(vault);
}

const reservedFor = (keys: readonly string[], reserved: ReservationMap, wanted: WantedValidators): Reservation[] =>
  freeKeys(keys, reserved, wanted)
    .slice(0, wanted.amounts.length)
    .flatMap((key) => {
      const stored = reserved.get(key);
      return !stored || stored instanceof DvtError ? [] : [stored];
    })
    .sort((a, b) => a.validatorIndex - b.validatorIndex);

type StandingOf = (keys: readonly string[], reserved: ReservationMap) => Promise<Standing>;
type KeyChoice = {
  readonly keys: readonly string[];
  readonly reserved: ReservationMap;
  readonly wanted: WantedValidators;
  readonly standingOf: StandingOf;
};

/** Chooses keys until all of them are reserved for the vault: others may be reserving the same ones at this moment. */
async function reserveKeys(
  reservations: Pick<Reservations, "reserve">,
  {keys, reserved: before, wanted, standingOf}: KeyChoice,
): Promise<{chosen: Reservation[]; reserved: ReservationMap}> {
  let reserved = before;
  for (;;) {
    const next = nextKeys(keys, reserved, wanted);
    const chosen = chooseKeys(next, reserved, {wanted, standing: await standingOf(next, reserved)});
    const fresh = chosen.filter((it) => !isStored(it, reserved.get(it.publicKey)));
    if (fresh.length === 0) return {chosen, reserved};
    reserved = new Map([...reserved, ...(await reservations.reserve(fresh))]);
  }
}

/** The keys are chosen by vault and type, so these are equal already. */
const isStored = ({validatorIndex, deposit}: Reservation, stored: Reservation | DvtError | undefined): boolean =>
  !(stored instanceof DvtError) && stored?.validatorIndex === validatorIndex && stored.deposit.amount === deposit.amount;

/** The first keys that the vault may have, one for each amount as far as both go. */
export const nextKeys = (keys: readonly string[], reserved: ReservationMap, wanted: WantedValidators): string[] =>
  freeKeys(keys, reserved, wanted).slice(0, wanted.amounts.length);

type Placing = {readonly wanted: WantedValidators; readonly standing: Standing};

/**
 * The reservation of each of these keys, in the order of their indexes. Amounts go with the keys in their own order, whatever index each
 * gets. An earlier amount is kept as long as `isKept` says: requests follow the vault's assets, and another amount is another deposit,
 * which has to be signed anew.
 */
export function chooseKeys(keys: readonly string[], reserved: ReservationMap, {wanted, standing}: Placing): Reservation[] {
  const {vault, validator_type, amounts, startIndex} = wanted;
  const amountOf = new Map(keys.map((key, position) => [key, amounts[position] as number]));
  return placeInTurn(keys, startIndex, standing.ready, standing.asked).map((publicKey, position) => {
    const validatorIndex = startIndex + position;
    const amount = amountOf.get(publicKey) as number;
    const stored = reserved.get(publicKey);
    const isReady = standing.ready.get(validatorIndex)?.includes(publicKey) === true;
    const kept = stored && !(stored instanceof DvtError) && isKept(stored, {validatorIndex, amount, isReady});
    return {publicKey, validatorIndex, deposit: {vault, validator_type, amount: kept ? stored.deposit.amount : amount}};
  });
}

type Asked = {readonly validatorIndex: number; readonly amount: number; readonly isReady: boolean};

/**
 * At the same index, while it is not more than what is asked for now. At another one, if the exit is ready there, and what is left would
 * not suffice for another validator.
 */
const isKept = ({validatorIndex, deposit: {amount}}: Reservation, now: Asked): boolean =>
  amount <= now.amount && (validatorIndex === now.validatorIndex || (now.isReady && now.amount - amount < fullStakeGwei));

/** The keys that the vault may have, in their order: nobody's, or its own with this type. A key whose reservation is invalid is not free. */
export function freeKeys(
  keys: readonly string[],
  reserved: ReservationMap,
  {vault, validator_type}: Pick<WantedValidators, "vault" | "validator_type">,
): string[] {
  return keys.filter((key) => {
    const stored = reserved.get(key);
    if (!stored || stored instanceof DvtError) return !stored;
    return stored.deposit.vault === vault && stored.deposit.validator_type === validator_type;
  });
}
