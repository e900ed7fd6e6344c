import {Type} from "typebox";
import {Check} from "typebox/schema";
import {isProven} from "../execution/rewardsProof.js";
import type {Harvest, PendingRewards} from "../execution/vaultChain.js";
import {fetchUnverified} from "../ipfs/fetchUnverified.js";

const Wei = Type.Union([Type.Integer(), Type.String({pattern: "^-?[0-9]{1,40}$"})]);
const VaultRewards = Type.Object({
  vault: Type.String(),
  consensus_reward: Wei,
  unlocked_mev_reward: Wei,
  locked_mev_reward: Wei,
  proof: Type.Array(Type.String({pattern: "^0x[0-9a-fA-F]{64}$"}), {maxItems: 64}),
});
const RewardsFile = Type.Object({vaults: Type.Array(Type.Unknown())});

/** The file names every vault of the network. */
const maxBytes = 64 * 1024 * 1024;

type Options = {readonly gateways: readonly URL[]; readonly signal: AbortSignal};

/**
 * Fetches what the vault (20 bytes in lower-case hex with 0x) has to take of the Keeper's rewards, and verifies its proof.
 * IPFS_UNAVAILABLE if no gateway has it.
 */
export const fetchHarvest = (
  vault: string,
  {rewardsRoot, ipfsHash}: PendingRewards,
  {gateways, signal}: Options,
): Promise<Harvest> =>
  fetchUnverified(ipfsHash, {gateways, signal, maxBytes, read: (content) => readHarvest(vault, rewardsRoot, content)});

/** Reads the vault's rewards from the file; throws unless their proof leads to the root. */
export function readHarvest(vault: string, rewardsRoot: string, content: Uint8Array): Harvest {
  // Amounts of wei are longer than a number of JSON is exact.
  const text = new TextDecoder().decode(content).replace(/:\s*(-?[0-9]{16,})(?=\s*[,}\]])/g, ':"$1"');
  const file = parse(text);
  if (!Check(RewardsFile, file)) throw new Error("its answer is not a file of rewards");
  const isOurs = (it: unknown): boolean => {
    const named = (it as {vault?: unknown} | null)?.vault;
    return typeof named === "string" && named.toLowerCase() === vault;
  };
  const entry = file.vaults.find(isOurs);
  if (!Check(VaultRewards, entry)) throw new Error("its file of rewards does not have the vault");
  const [consensus, unlocked, locked] = [entry.consensus_reward, entry.unlocked_mev_reward, entry.locked_mev_reward].map(
    BigInt,
  ) as [bigint, bigint, bigint];
  // Which of these the Keeper hashed depends on the vault's MEV escrow and the network.
  const candidates = [
    {reward: consensus + unlocked + locked, unlockedMevReward: unlocked},
    {reward: consensus, unlockedMevReward: unlocked},
    {reward: consensus, unlockedMevReward: 0n},
  ].map((amounts): Harvest => ({rewardsRoot, ...amounts, proof: entry.proof}));
  const proven = candidates.find((harvest) => isProven(vault, harvest));
  if (!proven) throw new Error("its file of rewards does not fit the Keeper's root");
  return proven;
}

/** JSON.parse quotes the text in its error. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error("its answer is not JSON");
  }
}
