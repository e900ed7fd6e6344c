import type {NetworkName} from "../../schemas/fields.js";

/** The address of a network's deposit contract, and the first block that can have its logs. */
export type DepositContract = {readonly address: string; readonly firstBlock: number};

/**
 * DEPOSIT_CONTRACT_ADDRESS in the configuration of the network:
 * https://github.com/ethereum/consensus-specs/blob/v1.5.0/configs/mainnet.yaml. Hoodi has it from its first block.
 */
export const depositContracts: Readonly<Record<NetworkName, DepositContract>> = {
  mainnet: {address: "0x00000000219ab540356cbb839cbe05303d7705fa", firstBlock: 11_052_983},
  hoodi: {address: "0x00000000219ab540356cbb839cbe05303d7705fa", firstBlock: 0},
  gnosis: {address: "0x0b98057ea310f4d31f2a452b414647007d1645d9", firstBlock: 19_469_076},
};

/** The network's deposit contract, or the one at `address` (20 bytes in hex with 0x), which may have logs of any block. */
export const depositContractOf = (network: NetworkName, address?: string): DepositContract =>
  address === undefined ? depositContracts[network] : {address: address.toLowerCase(), firstBlock: 0};
