import {ByteVectorType, ContainerType, UintBigintType} from "@chainsafe/ssz";
import type {Network} from "./networks.js";
import {computeDomain, computeSigningRoot, Root} from "./signingRoot.js";

const BlsPubkey = new ByteVectorType(48);
const Gwei = new UintBigintType(8);

/** https://github.com/ethereum/consensus-specs/blob/v1.5.0/specs/phase0/beacon-chain.md#depositmessage */
export const DepositMessage = new ContainerType({pubkey: BlsPubkey, withdrawalCredentials: Root, amount: Gwei});
/** https://github.com/ethereum/consensus-specs/blob/v1.5.0/specs/phase0/beacon-chain.md#depositdata */
export const DepositData = new ContainerType({
  pubkey: BlsPubkey,
  withdrawalCredentials: Root,
  amount: Gwei,
  signature: new ByteVectorType(96),
});

const DOMAIN_DEPOSIT = Uint8Array.of(3, 0, 0, 0);

/** The stake that activates a validator, in gwei: 32 ETH, or 32 mGNO (1 GNO) on Gnosis. */
export const fullStakeGwei = 32_000_000_000;

/**
 * Withdrawal credentials of 32 bytes: the type, 11 zero bytes, the address.
 * https://github.com/ethereum/consensus-specs/blob/v1.5.0/specs/phase0/validator.md#eth1_address_withdrawal_prefix
 */
export function toWithdrawalCredentials(validatorType: "0x01" | "0x02", address: Uint8Array): Uint8Array {
  const credentials = new Uint8Array(32);
  credentials[0] = Number(validatorType);
  credentials.set(address, 12);
  return credentials;
}

/** The type and the address (20 bytes in lower-case hex) of withdrawal credentials; undefined if they name no address. Hex with 0x. */
export function readWithdrawalCredentials(
  credentials: string,
): {readonly validatorType: "0x01" | "0x02"; readonly address: string} | undefined {
  const [, validatorType, address] = /^(0x0[12])0{22}([0-9a-f]{40})$/.exec(credentials) ?? [];
  return address === undefined ? undefined : {validatorType: validatorType as "0x01" | "0x02", address: `0x${address}`};
}

/** The 32 bytes that are signed for a deposit, valid across forks: genesis fork version and zero genesis validators root. */
export function depositSigningRoot(
  network: Network,
  message: {pubkey: Uint8Array; withdrawalCredentials: Uint8Array; amount: bigint},
): Uint8Array {
  const domain = computeDomain(DOMAIN_DEPOSIT, network.genesisForkVersion, new Uint8Array(32));
  return computeSigningRoot(DepositMessage.hashTreeRoot(message), domain);
}
