import {genesisData, networksChainConfig} from "@lodestar/config/networks";
import type {NetworkName} from "../../schemas/fields.js";
import {fromHex, toHex} from "../runtime/hex.js";

/** A network of the consensus layer. */
export type Network = {
  readonly name: NetworkName;
  /** The id of its execution chain: https://eips.ethereum.org/EIPS/eip-155 */
  readonly chainId: number;
  /** 4 bytes; cluster locks and deposit data identify the network by it. */
  readonly genesisForkVersion: Uint8Array;
  /** 4 bytes; exits are signed with it on every later fork: https://eips.ethereum.org/EIPS/eip-7044 */
  readonly capellaForkVersion: Uint8Array;
  readonly capellaForkEpoch: number;
  /** 32 bytes */
  readonly genesisValidatorsRoot: Uint8Array;
  readonly slotsPerEpoch: number;
  /** How many epochs a validator has to be active before it may exit, pay out a part or be consolidated. */
  readonly shardCommitteePeriod: number;
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
    slotsPerEpoch: config.PRESET_BASE === "gnosis" ? 16 : 32,
    shardCommitteePeriod: config.SHARD_COMMITTEE_PERIOD,
  };
};

export const networks = {
  mainnet: toNetwork("mainnet"),
  hoodi: toNetwork("hoodi"),
  gnosis: toNetwork("gnosis"),
} as const satisfies Record<NetworkName, Network>;

/** Unsupported networks, so that an error can name the network of a file. */
const otherNetworks: Record<string, string> = {
  "0x00001020": "goerli",
  "0x90000069": "sepolia",
  "0x01017000": "holesky",
  "0x0000006f": "chiado",
};

/** The name of the network with this genesis fork version (4 bytes in hex with 0x), supported or not; undefined if unknown. */
export function knownNetworkOf(forkVersion: string): string | undefined {
  const wanted = forkVersion.toLowerCase();
  const ours = Object.values(networks).find(({genesisForkVersion}) => toHex(genesisForkVersion) === wanted);
  return ours?.name ?? otherNetworks[wanted];
}

/** The name for messages. */
export const networkNameOf = (forkVersion: string): string => knownNetworkOf(forkVersion) ?? "an unknown network";
