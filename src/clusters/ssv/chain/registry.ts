import {DvtError} from "../../../errors.js";
import type {BlockRef} from "../../../execution/heads.js";
import type {SsvEvent} from "../../../execution/ssvNetwork.js";
import {fromHex} from "../../../runtime/hex.js";
import {yieldToEventLoop} from "../../../runtime/yieldToEventLoop.js";
import type {Validator} from "../../cluster.js";
import {type SsvRegistration, ssvThresholdOf, toSsvValidator} from "../ssvShares.js";

/** The ids of a cluster's operators, sorted as the contract sorts them, joined by commas. */
export type OperatorSet = string;

/** Sorts and joins operator ids; KEYSHARES_INVALID when the SSV network has no such cluster. */
export function toOperatorSet(operatorIds: readonly number[]): OperatorSet {
  ssvThresholdOf(operatorIds, `the cluster of SSV operators ${operatorIds.join(", ")}`);
  return [...operatorIds].sort((a, b) => a - b).join(",");
}

/** The operator ids of a set. */
export const operatorIdsOf = (set: OperatorSet): number[] => set.split(",").map(Number);

/** A registration that was verified. */
export type Registered = {
  readonly operatorSet: OperatorSet;
  /** 20 bytes in lower-case hex with 0x */
  readonly owner: string;
  readonly nonce: number;
  readonly sharesData: Uint8Array;
  readonly validator: Validator;
};

/** The registrations of these operators before `nextBlock`. Immutable. */
export type Registry = {
  readonly operatorSets: readonly OperatorSet[];
  readonly nextBlock: number;
  /** A final block at or after the last block that was read. */
  readonly finalBlock?: BlockRef;
  /** By owner: how many validators it has registered, with any operators. */
  readonly nonces: ReadonlyMap<string, number>;
  /** By public key in lower-case hex. */
  readonly registered: ReadonlyMap<string, Registered>;
};

/** A registry without registrations. */
export const emptyRegistry = (operatorSets: readonly OperatorSet[], nextBlock: number): Registry => ({
  operatorSets,
  nextBlock,
  nonces: new Map(),
  registered: new Map(),
});

/** Verifies a registration; throws an error of toSsvValidator. */
export function verifyRegistration(
  {operatorSet, owner, nonce, sharesData}: Omit<Registered, "validator">,
  publicKey: string,
): Registered {
  const registration: SsvRegistration = {
    publicKey,
    operatorIds: operatorIdsOf(operatorSet),
    sharesData,
    owner: {address: owner, nonce},
  };
  const validator = toSsvValidator(registration, "the SSV contract's events");
  return {operatorSet, owner, nonce, sharesData, validator};
}

type OnRefused = (event: SsvEvent, error: DvtError) => void;

/**
 * Applies events to the registry. Anyone can have the contract add any key to any operators, so a registration counts only if the
 * key signed the owner's address and nonce. As in SSV's nodes, every event of an owner counts for the nonce, even a refused one,
 * and a key belongs to its owner until that owner removes it: https://github.com/ssvlabs/ssv/blob/v2.0.0/eth/eventhandler/handlers.go
 */
export async function applyEvents(registry: Registry, events: readonly SsvEvent[], onRefused: OnRefused): Promise<Registry> {
  if (events.length === 0) return registry;
  const nonces = new Map(registry.nonces);
  const registered = new Map(registry.registered);
  for (const event of events) {
    if (event.kind === "removed") {
      if (registered.get(event.publicKey)?.owner === event.owner) registered.delete(event.publicKey);
      continue;
    }
    const {owner, publicKey} = event;
    const nonce = nonces.get(owner) ?? 0;
    nonces.set(owner, nonce + 1);
    const operatorSet = event.operatorIds.join(",");
    if (!registry.operatorSets.includes(operatorSet) || registered.has(publicKey)) continue;
    await yieldToEventLoop();
    try {
      registered.set(
        publicKey,
        verifyRegistration({operatorSet, owner, nonce, sharesData: fromHex(event.sharesData)}, publicKey),
      );
    } catch (error) {
      if (!(error instanceof DvtError)) throw error;
      onRefused(event, error);
    }
  }
  return {...registry, nonces, registered};
}

/** The registrations with these operators, by public key: of these owners, or of all owners if none are named. */
export function registeredBy({registered}: Registry, set: OperatorSet, owners?: readonly string[]): Map<string, Registered> {
  return new Map(
    [...registered].filter(([, {operatorSet, owner}]) => operatorSet === set && (owners === undefined || owners.includes(owner))),
  );
}
