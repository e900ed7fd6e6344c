import {readEvents} from "../../sandbox/chain/readEvents.js";
import type {PlayedOutside} from "./playOutside.js";

/** What the chain says of a vault. */
export type VaultOnChain = {
  /** In the order in which they were registered; lower-case hex with 0x. */
  readonly publicKeys: readonly string[];
  /** In wei. */
  readonly assets: bigint;
  /** The CID of the shards that the oracles approved last. */
  readonly shardsCid: string;
};

/** Reads the vault's and the Keeper's events, and the vault's assets. */
export async function readVault({anvil, stakeWise}: Pick<PlayedOutside, "anvil" | "stakeWise">): Promise<VaultOnChain> {
  const {vault, keeper} = stakeWise;
  const [registered, approved, assets] = await Promise.all([
    readEvents(anvil, vault),
    readEvents(anvil, keeper),
    vault.read<bigint>("withdrawableAssets"),
  ]);
  const approval = approved.filter(({name}) => name === "ValidatorsApproval" || name === "ExitSignaturesUpdated").at(-1);
  return {
    publicKeys: registered
      .filter(({name}) => name === "ValidatorRegistered" || name === "V2ValidatorRegistered")
      .map(({args}) => String(args["publicKey"]).toLowerCase()),
    assets,
    shardsCid: String(approval?.args["exitSignaturesIpfsHash"] ?? ""),
  };
}
