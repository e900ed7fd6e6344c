import {ByteVectorType, ContainerType, type ValueOf} from "@chainsafe/ssz";

export const Root = new ByteVectorType(32);
export const Version = new ByteVectorType(4);

const ForkData = new ContainerType({currentVersion: Version, genesisValidatorsRoot: Root});
const SigningData = new ContainerType({objectRoot: Root, domain: new ByteVectorType(32)});

/** https://github.com/ethereum/consensus-specs/blob/v1.5.0/specs/phase0/beacon-chain.md#compute_domain */
export function computeDomain(domainType: Uint8Array, forkVersion: Uint8Array, genesisValidatorsRoot: Uint8Array): Uint8Array {
  const forkDataRoot = ForkData.hashTreeRoot({currentVersion: forkVersion, genesisValidatorsRoot});
  const domain = new Uint8Array(32);
  domain.set(domainType, 0);
  domain.set(forkDataRoot.subarray(0, 28), 4);
  return domain;
}

/** https://github.com/ethereum/consensus-specs/blob/v1.5.0/specs/phase0/beacon-chain.md#compute_signing_root */
export const computeSigningRoot = (objectRoot: ValueOf<typeof Root>, domain: Uint8Array): Uint8Array =>
  SigningData.hashTreeRoot({objectRoot, domain});
