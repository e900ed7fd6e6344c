import {concat, type Hex, type TypedDataDefinition} from "viem";
import {privateKeyToAccount} from "viem/accounts";
import {toHex} from "../../runtime/hex.js";

type Verifier = {readonly chainId: number; readonly address: string};

const field = (type: string, name: string) => ({type, name});
const registered = [
  field("bytes32", "validatorsRegistryRoot"),
  field("address", "vault"),
  field("bytes", "validators"),
  field("string", "exitSignaturesIpfsHash"),
  field("uint256", "deadline"),
];
const rotated = [
  field("address", "vault"),
  field("string", "exitSignaturesIpfsHash"),
  field("uint256", "nonce"),
  field("uint256", "deadline"),
];
const consolidated = [field("address", "vault"), field("bytes", "validators")];
const rewarded = [
  field("bytes32", "rewardsRoot"),
  field("string", "rewardsIpfsHash"),
  field("uint256", "avgRewardPerSecond"),
  field("uint64", "updateTimestamp"),
  field("uint64", "nonce"),
];

const toData = (name: string, primaryType: string, fields: readonly {type: string; name: string}[]) => {
  return ({chainId, address}: Verifier, message: Record<string, unknown>) => {
    const domain = {name, version: "1", chainId, verifyingContract: address};
    return {domain, types: {[primaryType]: fields}, primaryType, message} as unknown as TypedDataDefinition;
  };
};

/** What oracles sign (EIP-712), for the contract that verifies it: the Keeper, or the checker of consolidations. */
export const oracleMessages = {
  approval: toData("KeeperOracles", "KeeperValidators", registered),
  rotation: toData("KeeperOracles", "KeeperValidators", rotated),
  rewards: toData("KeeperOracles", "KeeperRewards", rewarded),
  consolidation: toData("ConsolidationsChecker", "ConsolidationsChecker", consolidated),
};

export const accountOf = (privateKey: Uint8Array) => privateKeyToAccount(toHex(privateKey) as Hex);

/** In the order of their addresses, as contracts want it. */
export const inOrder = <T extends {readonly address: string}>(oracles: readonly T[]): T[] =>
  [...oracles].sort((left, right) => (left.address.toLowerCase() < right.address.toLowerCase() ? -1 : 1));

/** The signatures of all these keys, ascending by address, 65 bytes each. */
export async function signTogether(privateKeys: readonly Uint8Array[], data: TypedDataDefinition): Promise<Hex> {
  return concat(await Promise.all(inOrder(privateKeys.map(accountOf)).map((account) => account.signTypedData(data))));
}
