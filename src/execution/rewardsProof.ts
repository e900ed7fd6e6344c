import {type Address, encodeAbiParameters, type Hex, hexToBytes, keccak256} from "viem";
import type {Harvest} from "./vaultChain.js";

/**
 * Whether the proof shows that these are the vault's rewards under the root, by OpenZeppelin's rules: a leaf is hashed twice, and
 * the smaller of two hashes comes first. https://github.com/OpenZeppelin/merkle-tree/blob/v1.0.8/README.md#standard-merkle-trees
 */
export function isProven(vault: string, {rewardsRoot, reward, unlockedMevReward, proof}: Harvest): boolean {
  const parameters = [{type: "address"}, {type: "int160"}, {type: "uint160"}] as const;
  const encoded = encodeAbiParameters(parameters, [vault as Address, reward, unlockedMevReward]);
  const root = (proof as readonly Hex[]).reduce(hashPair, keccak256(keccak256(encoded)));
  return root === rewardsRoot.toLowerCase();
}

function hashPair(a: Hex, b: Hex): Hex {
  const [one, other] = [hexToBytes(a), hexToBytes(b)];
  return keccak256(Buffer.concat(Buffer.compare(one, other) < 0 ? [one, other] : [other, one]));
}
