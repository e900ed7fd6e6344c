import {type Address, type Hex, hashTypedData, recoverAddress} from "viem";
import {toHex} from "../runtime/hex.js";

/**
 * The contract that verifies a signature of oracles, 20 bytes in hex with 0x: the Keeper for exits, and the ConsolidationsChecker
 * for consolidations.
 */
export type Verifier = {readonly chainId: number; readonly contract: string};

/** The exits of validators that are to be registered. The root is 32 bytes in hex with 0x, the deadline Unix seconds. */
export type ApprovedRegistration = {
  readonly validatorsRegistryRoot: string;
  readonly vault: string;
  /** As encodeRegistrations encodes them: the bytes of the transaction. */
  readonly validators: Uint8Array;
  readonly ipfsHash: string;
  readonly deadline: number;
};

/** Exits of active validators that replace earlier ones. The nonce is the Keeper's `exitSignaturesNonces` of the vault. */
export type ApprovedRotation = {
  readonly vault: string;
  readonly ipfsHash: string;
  readonly nonce: bigint;
  readonly deadline: number;
};

/** Consolidations, as encodeConsolidations encodes them. */
export type ApprovedConsolidation = {readonly vault: string; readonly validators: Uint8Array};

/** https://github.com/stakewise/v3-core/blob/v4.0.0/contracts/keeper/KeeperValidators.sol */
const registrationTypes = {
  KeeperValidators: [
    {name: "validatorsRegistryRoot", type: "bytes32"},
    {name: "vault", type: "address"},
    {name: "validators", type: "bytes"},
    {name: "exitSignaturesIpfsHash", type: "string"},
    {name: "deadline", type: "uint256"},
  ],
} as const;
const rotationTypes = {
  KeeperValidators: [
    {name: "vault", type: "address"},
    {name: "exitSignaturesIpfsHash", type: "string"},
    {name: "nonce", type: "uint256"},
    {name: "deadline", type: "uint256"},
  ],
} as const;
/** https://github.com/stakewise/v3-core/blob/v4.0.0/contracts/validators/ConsolidationsChecker.sol */
const consolidationTypes = {
  ConsolidationsChecker: [
    {name: "vault", type: "address"},
    {name: "validators", type: "bytes"},
  ],
} as const;

const domainOf = (name: string, {chainId, contract}: Verifier) =>
  ({name, version: "1", chainId, verifyingContract: contract as Address}) as const;

/** What an oracle signs to approve a registration: the digest of EIP-712, 32 bytes in hex with 0x. */
export const registrationDigest = (keeper: Verifier, {ipfsHash, deadline, ...approved}: ApprovedRegistration): string =>
  hashTypedData({
    domain: domainOf("KeeperOracles", keeper),
    types: registrationTypes,
    primaryType: "KeeperValidators",
    message: {
      validatorsRegistryRoot: approved.validatorsRegistryRoot as Hex,
      vault: approved.vault as Address,
      validators: toHex(approved.validators) as Hex,
      exitSignaturesIpfsHash: ipfsHash,
      deadline: BigInt(deadline),
    },
  });

/** Likewise for a rotation of exits. */
export const rotationDigest = (keeper: Verifier, {vault, ipfsHash, nonce, deadline}: ApprovedRotation): string =>
  hashTypedData({
    domain: domainOf("KeeperOracles", keeper),
    types: rotationTypes,
    primaryType: "KeeperValidators",
    message: {vault: vault as Address, exitSignaturesIpfsHash: ipfsHash, nonce, deadline: BigInt(deadline)},
  });

/** Likewise for consolidations. */
export const consolidationDigest = (checker: Verifier, {vault, validators}: ApprovedConsolidation): string =>
  hashTypedData({
    domain: domainOf("ConsolidationsChecker", checker),
    types: consolidationTypes,
    primaryType: "ConsolidationsChecker",
    message: {vault: vault as Address, validators: toHex(validators) as Hex},
  });

const halfOrder = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0n;

/**
 * Whose signature (65 bytes in hex with 0x) of the digest it is: an address in lower-case hex with 0x. Undefined for one that the
 * contracts refuse, whoever signed it: they take only the lower s, and only 27 or 28 as v.
 */
export async function signerOf(digest: string, signature: string): Promise<string | undefined> {
  if (!/^0x[0-9a-f]{128}1[bc]$/i.test(signature) || BigInt(`0x${signature.slice(66, 130)}`) > halfOrder) return undefined;
  const signer = await recoverAddress({hash: digest as Hex, signature: signature as Hex}).catch(() => undefined);
  return signer?.toLowerCase();
}
