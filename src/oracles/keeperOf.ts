import {DvtError} from "../errors.js";
import {type KeeperContract, keeperContracts} from "../execution/keeper.js";

/** The network's Keeper, or the one at this address; CONFIG_INVALID if StakeWise has none on the network. */
export function keeperOf(network: string, address: string | undefined): KeeperContract {
  const contract = address === undefined ? keeperContracts[network] : {address: address.toLowerCase(), firstBlock: 0};
  if (contract) return contract;
  throw new DvtError("CONFIG_INVALID", `read the oracle set: StakeWise has no Keeper on ${network}`);
}
