import type {Deposit} from "../../../schemas/deposit.js";
import {DvtError} from "../../errors.js";
import type {Reservation, ReservationMap, Reservations} from "../../store/reservations.js";
import {type VaultRules, whyNotCluster} from "../../vaults/vaultRules.js";
import {Problem} from "../../web/problem.js";
import type {Caller} from "../access/caller.js";
import {busOf} from "../asking/askForMissing.js";
import type {PollLogs} from "../caches/pollLogs.js";
import type {Gateway} from "../gateway.js";
import {type ClusterValidator, validatorsOf} from "../progress/readProgress.js";

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
 * The next validators of the vault, each reserved for it. `isAtIndex` is false when the operator counts another next index than the
 * registry: then nothing is reserved, and the earlier reservations are returned.
 */
export async function chooseValidators(
  {registry, reservations, metrics, watch, pollLogs}: Gateway,
  candidates: readonly ClusterValidator[],
  wanted: WantedValidators,
): Promise<{isAtIndex: boolean; chosen: ChosenValidator[]}> {
  const {vault, startIndex} = wanted;
  const {nextIndex, isRegistered} = await registry.read(candidates.map(({validator}) => validator.publicKeyHex));
  const byKey = new Map(candidates.map((it) => [it.validator.publicKeyHex, it]));
  const keys = [...byKey.keys()].filter((key) => !isRegistered(key));
  const before = await reservations.findAll(keys);
  const isAtIndex = nextIndex === startIndex;
  const {chosen, reserved} = isAtIndex
    ? await reserveKeys(reservations, {keys, reserved: before, wanted})
    : {chosen: reservedFor(keys, before, wanted), reserved: before};
  const keysLeft = freeKeys(keys, reserved, wanted).length;
  metrics.keysLeft.set({vault}, keysLeft);
  watch?.keysLeft(vault, keysLeft);
  logChoice(pollLogs, wanted, {nextIndex, keys: chosen.length});
  return {isAtIndex, chosen: chosen.map((it) => ({...(byKey.get(it.publicKey) as ClusterValidator), ...it}))};
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
    });

type KeyChoice = {readonly keys: readonly string[]; readonly reserved: ReservationMap; readonly wanted: WantedValidators};

/** Chooses keys until all of them are reserved for the vault: others may be reserving the same ones at this moment. */
async function reserveKeys(
  reservations: Pick<Reservations, "reserve">,
  {keys, reserved: before, wanted}: KeyChoice,
): Promise<{chosen: Reservation[]; reserved: ReservationMap}> {
  let reserved = before;
  for (;;) {
    const chosen = chooseKeys(keys, reserved, wanted);
    const fresh = chosen.filter((it) => !isStored(it, reserved.get(it.publicKey)));
    if (fresh.length === 0) return {chosen, reserved};
    reserved = new Map([...reserved, ...(await reservations.reserve(fresh))]);
  }
}

/** The keys are chosen by vault and type, so these are equal already. */
const isStored = ({validatorIndex, deposit}: Reservation, stored: Reservation | DvtError | undefined): boolean =>
  !(stored instanceof DvtError) && stored?.validatorIndex === validatorIndex && stored.deposit.amount === deposit.amount;

/**
 * One key after the other for one amount after the other, as far as both go. An earlier amount at the same index is kept while it is
 * not more than what is asked for now: requests follow the vault's assets, and another amount is another deposit, which has to be
 * signed anew.
 */
export function chooseKeys(keys: readonly string[], reserved: ReservationMap, wanted: WantedValidators): Reservation[] {
  const {vault, validator_type, amounts, startIndex} = wanted;
  return freeKeys(keys, reserved, wanted)
    .slice(0, amounts.length)
    .map((publicKey, position) => {
      const validatorIndex = startIndex + position;
      const amount = amounts[position] as number;
      const stored = reserved.get(publicKey);
      const isKept =
        !(stored instanceof DvtError) && stored?.validatorIndex === validatorIndex && stored.deposit.amount <= amount;
      return {publicKey, validatorIndex, deposit: {vault, validator_type, amount: isKept ? stored.deposit.amount : amount}};
    });
}

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
