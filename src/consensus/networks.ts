import {genesisData, networksChainConfig} from "@lodestar/config/networks";
import type {NetworkName} from "../../schemas/fields.js";
import {fromHex, toHex} from "../runtime/hex.js";

export type Network = {
  readonly name: NetworkName;
  /** Of its execution chain: https://eips.ethereum.org/EIPS/eip-155 */
  readonly chainId: number;
  /** 4 bytes. What a cluster lock or deposit data names the network by. */
  readonly genesisForkVersion: Uint8Array;
  /** 4 bytes. Exits are signed with this one on every later fork: https://eips.ethereum.org/EIPS/eip-7044 */
  readonly capellaForkVersion: Uint8Array;
  readonly capellaForkEpoch: number;
  /** 32 bytes */
  readonly genesisValidatorsRoot: Uint8Array;
};

const toNetwork = (name: NetworkName): Network => {
  const config = networksChainConfig[name];
  return {
    name,
    chainId: config.DEPOSIT_CHAIN_ID,
    genesisForkVersion: config.GENESIS_FORK_VERSION,
    capellaForkVersion: config.CAPELLA_FORK_VERSION,
    capellaForkEpoch: config.CAPELLA_FORK_EPOCH,
    genesisValidatorsRoot: fromHex(genesisData[name].genesisValidatorsRoot),
  };
};

export const networks = {
  mainnet: toNetwork("mainnet"),
  hoodi: toNetwork("hoodi"),
  gnosis: toNetwork("gnosis"),
} as const satisfies Record<NetworkName, Network>;

/** Networks that are not ours, so that a refusal can say where a file belongs. */
const otherNetworks: Record<string, string> = {
  "0x00001020": "goerli",
  "0x90000069": "sepolia",
  "0x01017000": "holesky",
  "0x0000006f": "chiado",
};

/** The name of the network with this genesis fork version (4 bytes in hex, with 0x), ours or not; undefined where we know none. */
export function knownNetworkOf(forkVersion: string): string | undefined {
  const wanted = forkVersion.toLowerCase();
  const ours = Object.values(networks).find(({genesisForkVersion}) => toHex(genesisForkVersion) === wanted);
  return ours?.name ?? otherNetworks[wanted];
}

/** The same, for a sentence. */
export const networkNameOf = (forkVersion: string): string => knownNetworkOf(forkVersion) ?? "an unknown network";
