import {readEvents} from "../../sandbox/chain/readEvents.js";
import {type PlayedOutside, stakeOf} from "./playOutside.js";

/** What the chain says of a vault. */
export type VaultOnChain = {
  /** In the order in which they were registered; lower-case hex with 0x. */
  readonly publicKeys: readonly string[];
  /** For how many more validators the vault has assets. */
  readonly stakesLeft: number;
  /** The shards that the oracles approved last: the Keeper's event, and their CID. */
  readonly shards: {readonly event: string; readonly cid: string};
};

/** Reads the vault's and the Keeper's events, and the vault's assets. */
export async function readVault({
  anvil,
  stakeWise,
  network,
}: Pick<PlayedOutside, "anvil" | "stakeWise" | "network">): Promise<VaultOnChain> {
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
    stakesLeft: Number(assets / stakeOf(network)),
    shards: {event: approval?.name ?? "", cid: String(approval?.args["exitSignaturesIpfsHash"] ?? "")},
  };
}
