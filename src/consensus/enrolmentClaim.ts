import {ContainerType, UintNumberType} from "@chainsafe/ssz";
import type {Network} from "./networks.js";
import {computeDomain, computeSigningRoot, Root} from "./signingRoot.js";

/** What a node says of itself when it enrols: that this nkey is that of whoever holds the key shares of this share index. */
export type EnrolmentClaim = {
  /** 32 bytes: which cluster. */
  readonly definitionHash: Uint8Array;
  readonly shareIndex: number;
  /** 32 bytes: the Ed25519 key in the nkey. */
  readonly nkey: Uint8Array;
  /** 32 bytes: the hash of the invitation's id, so that a proof is of use for this invitation alone. */
  readonly invitation: Uint8Array;
};

const Claim = new ContainerType({definitionHash: Root, shareIndex: new UintNumberType(8), nkey: Root, invitation: Root});

/**
 * "dvt" and the bit of DOMAIN_APPLICATION_MASK, which no domain of the consensus layer has: nothing signed in it means anything on the chain.
 * https://github.com/ethereum/consensus-specs/blob/v1.5.0/specs/phase0/beacon-chain.md#domain-types
 */
const DOMAIN_APPLICATION_DVT = Uint8Array.of(0x64, 0x76, 0x74, 0x01);

/** The 32 bytes that a key share signs to prove who holds it. */
export function enrolmentSigningRoot(network: Network, claim: EnrolmentClaim): Uint8Array {
  const domain = computeDomain(DOMAIN_APPLICATION_DVT, network.genesisForkVersion, network.genesisValidatorsRoot);
  return computeSigningRoot(Claim.hashTreeRoot(claim), domain);
}
