import {listRoot, uint64Root} from "../../../consensus/sszRoots.js";
import {bare, container, type Field, hexBytes, padded} from "./fields.js";
import type {HashableDeposit, HashableRegistration, HashableValidator} from "./hashableLock.js";

const maxOperators = 256;
const maxDeposits = 256;

/** The root of a validator within the lock hash of v1.3 and later. */
export function validatorRoot(validator: HashableValidator, minor: number): Uint8Array {
  const shares = validator.public_shares.map((share) => padded(hexBytes(share), 48));
  return container(
    padded(hexBytes(validator.distributed_public_key), 48),
    listRoot(shares, maxOperators),
    ...depositRoots(validator, minor),
    minor >= 7 ? registrationRoot(validator.builder_registration) : undefined,
  );
}

function depositRoots({deposit_data, partial_deposit_data}: HashableValidator, minor: number): Field[] {
  if (minor <= 5) return [];
  // v1.6 hashes the fields of the deposit as fields of the validator.
  if (minor === 6) return depositFields(deposit_data);
  if (minor === 7) return [container(...depositFields(deposit_data))];
  const deposits = (partial_deposit_data ?? []).map((deposit) => container(...depositFields(deposit)));
  return [listRoot(deposits, maxDeposits)];
}

const depositFields = (deposit: HashableDeposit | null | undefined): Uint8Array[] => [
  padded(hexBytes(deposit?.pubkey), 48),
  padded(hexBytes(deposit?.withdrawal_credentials), 32),
  uint64Root(BigInt(deposit?.amount ?? 0)),
  padded(hexBytes(deposit?.signature), 96),
];

function registrationRoot(registration: HashableRegistration | null | undefined): Uint8Array {
  const {message, signature} = registration ?? {};
  const messageRoot = container(
    bare(hexBytes(message?.fee_recipient)),
    uint64Root(BigInt(message?.gas_limit ?? 0)),
    uint64Root(BigInt(message?.timestamp ?? 0)),
    padded(hexBytes(message?.pubkey), 48),
  );
  return container(messageRoot, padded(hexBytes(signature), 96));
}
