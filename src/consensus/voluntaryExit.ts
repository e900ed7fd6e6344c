import {ContainerType, UintNumberType} from "@chainsafe/ssz";
import type {Network} from "./networks.js";
import {computeDomain, computeSigningRoot} from "./signingRoot.js";

const uint64 = new UintNumberType(8);

/** https://github.com/ethereum/consensus-specs/blob/v1.5.0/specs/phase0/beacon-chain.md#voluntaryexit */
export const VoluntaryExit = new ContainerType({epoch: uint64, validatorIndex: uint64});

const DOMAIN_VOLUNTARY_EXIT = Uint8Array.of(4, 0, 0, 0);

const domains = new WeakMap<Network, Uint8Array>();

/** The domain of every exit of the network: always with the fork version of Capella (EIP-7044). */
export function voluntaryExitDomain(network: Network): Uint8Array {
  const known = domains.get(network);
  if (known) return known;
  const domain = computeDomain(DOMAIN_VOLUNTARY_EXIT, network.capellaForkVersion, network.genesisValidatorsRoot);
  domains.set(network, domain);
  return domain;
}

/** The 32 bytes that are signed to exit the validator with this index, valid from Capella's epoch. */
export function voluntaryExitSigningRoot(network: Network, validatorIndex: number): Uint8Array {
  const exit = {epoch: network.capellaForkEpoch, validatorIndex};
  return computeSigningRoot(VoluntaryExit.hashTreeRoot(exit), voluntaryExitDomain(network));
}
