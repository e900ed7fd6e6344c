import {writeOwn} from "../../../src/bls/curve.js";
import {depositSigningRoot, fullStakeGwei, toWithdrawalCredentials} from "../../../src/consensus/deposit.js";
import type {Network} from "../../../src/consensus/networks.js";
import {voluntaryExitSigningRoot} from "../../../src/consensus/voluntaryExit.js";
import {publicKeyOf} from "../../../src/ecies/keys.js";
import {splitForOracles} from "../../../src/exits/splitForOracles.js";
import {fromHex, toHex} from "../../../src/runtime/hex.js";
import type {ApprovalRequest} from "../../../src/sandbox/chain/oracleRules.js";
import {encodeRegistrations} from "../../../src/vaults/vaultValidators.js";
import {aSecretKey} from "./keys.js";

/** Of which network and vault, and for which oracles: private keys of 32 bytes each, in the config's order. */
export type RegistrationOf = {
  readonly network: Network;
  readonly vault: string;
  readonly oracleKeys: readonly Uint8Array[];
  readonly threshold: number;
  readonly validatorType?: "0x01" | "0x02";
  /** Gwei. */
  readonly amount?: number;
};

/** A validator that is ready to be registered: its deposit is signed, its exit is signed for this index and split. */
export function aValidator(seed: string, index: number, of: RegistrationOf) {
  const {network, vault, validatorType = "0x01", amount = fullStakeGwei} = of;
  const secretKey = aSecretKey(seed);
  const pubkey = secretKey.toPublicKey().toBytes();
  const withdrawalCredentials = toWithdrawalCredentials(validatorType, fromHex(vault));
  const message = {pubkey, withdrawalCredentials, amount: BigInt(amount)};
  return {
    publicKey: toHex(pubkey),
    amount,
    depositSignature: toHex(secretKey.sign(depositSigningRoot(network, message)).toBytes()),
    ...splitExitOf(seed, index, of),
  };
}

/** What the oracles get of the exit at this index: encrypted shards and their keys. */
export function splitExitOf(seed: string, index: number, {network, oracleKeys, threshold}: RegistrationOf) {
  const secretKey = aSecretKey(seed);
  const root = voluntaryExitSigningRoot(network, index);
  const exit = {signature: writeOwn(secretKey.sign(root)), publicKey: writeOwn(secretKey.toPublicKey()), root};
  const [split] = splitForOracles({exits: [exit], oracleKeys: oracleKeys.map(publicKeyOf), threshold});
  if (!split || split instanceof Error) throw split ?? new Error("nothing was split");
  return {publicKeyShards: split.public_keys, exitShards: split.encrypted_exit_signatures};
}

export type TestValidator = ReturnType<typeof aValidator>;

/** As they are signed and registered: in hex with 0x. */
export const encodedFor = (validators: readonly TestValidator[], {vault, validatorType = "0x01"}: RegistrationOf): string =>
  toHex(encodeRegistrations(vault, validatorType, validators));

type RequestOf = {
  readonly validatorIndex: number;
  readonly root: string;
  readonly deadline: number;
  readonly managerSignature: string;
};

/** What the oracles are asked to approve. */
export function toApprovalRequest(
  validators: readonly TestValidator[],
  {vault, validatorType = "0x01"}: RegistrationOf,
  {validatorIndex, root, deadline, managerSignature}: RequestOf,
): ApprovalRequest {
  return {
    validator_index: validatorIndex,
    vault_address: vault,
    validators_root: root,
    public_keys: validators.map(({publicKey}) => publicKey),
    deposit_signatures: validators.map(({depositSignature}) => depositSignature),
    public_key_shards: validators.map(({publicKeyShards}) => publicKeyShards),
    exit_signature_shards: validators.map(({exitShards}) => exitShards),
    validators_manager_signature: managerSignature,
    deadline,
    amounts: validatorType === "0x02" ? validators.map(({amount}) => amount) : null,
  };
}
