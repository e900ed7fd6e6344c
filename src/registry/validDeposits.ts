import {findInvalid} from "../bls/batch.js";
import {parsePublicKey, readSignature} from "../bls/curve.js";
import {depositSigningRoot} from "../consensus/deposit.js";
import type {Network} from "../consensus/networks.js";
import {fromHex} from "../runtime/hex.js";
import {yieldToEventLoop} from "../runtime/yieldToEventLoop.js";

/** A deposit that anyone may have made: 48, 32 and 96 bytes in lower-case hex with 0x; gwei. */
export type Deposit = {
  readonly publicKey: string;
  readonly withdrawalCredentials: string;
  readonly amount: bigint;
  readonly signature: string;
};

/** About 20 ms of work before it yields to the event loop. */
const atOnce = 16;

/**
 * Finds the deposits with a valid signature, in order. Anyone can deposit anything, so a key or signature that is not a point counts as
 * invalid. Rejects when the signal is aborted.
 * https://github.com/ethereum/consensus-specs/blob/v1.5.0/specs/electra/beacon-chain.md#new-is_valid_deposit_signature
 */
export async function findValid<D extends Deposit>(deposits: readonly D[], network: Network, signal?: AbortSignal): Promise<D[]> {
  const valid: D[] = [];
  for (let from = 0; from < deposits.length; from += atOnce) {
    await yieldToEventLoop();
    signal?.throwIfAborted();
    const signed = deposits.slice(from, from + atOnce).flatMap((deposit) => toSigned(deposit, network));
    const invalid = new Set(await findInvalid(signed));
    for (const one of signed) if (!invalid.has(one)) valid.push(one.deposit);
  }
  return valid;
}

function toSigned<D extends Deposit>(deposit: D, network: Network) {
  try {
    const pubkey = fromHex(deposit.publicKey);
    const signature = {publicKey: parsePublicKey(pubkey), signature: readSignature(fromHex(deposit.signature))};
    const withdrawalCredentials = fromHex(deposit.withdrawalCredentials);
    const root = depositSigningRoot(network, {pubkey, withdrawalCredentials, amount: deposit.amount});
    return [{deposit, root, signatures: [signature]}];
  } catch {
    return [];
  }
}

/** Creates a findValid for a list that changes little: a deposit of the previous call is not verified again. */
export function createFindValid(network: Network): (deposits: readonly Deposit[]) => Promise<Deposit[]> {
  let verdicts: ReadonlyMap<string, boolean> = new Map();
  return async (deposits) => {
    const all = new Map(deposits.map((deposit) => [identityOf(deposit), deposit]));
    const unknown = [...all].flatMap(([identity, deposit]) => (verdicts.has(identity) ? [] : [deposit]));
    const valid = new Set((await findValid(unknown, network)).map(identityOf));
    verdicts = new Map([...all.keys()].map((identity) => [identity, verdicts.get(identity) ?? valid.has(identity)]));
    return deposits.filter((deposit) => verdicts.get(identityOf(deposit)));
  };
}

const identityOf = ({publicKey, withdrawalCredentials, amount, signature}: Deposit): string =>
  `${publicKey}${withdrawalCredentials}${signature}${amount}`;
