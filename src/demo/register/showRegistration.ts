import {DvtError} from "../../errors.js";
import {checkShards} from "./checkShards.js";
import {coinText} from "./playOutside.js";
import {readVault} from "./readVault.js";
import type {Stage} from "./stage.js";

/** Registers so many validators; returns their public keys, as the chain has them. DEMO_FAILED. */
export async function showRegistration({outside, announce, runOperator}: Stage, count: number): Promise<readonly string[]> {
  const {vault, network, oracles, threshold} = outside;
  await runOperator("operator", "register", "--vault", vault, "--yes");
  const {publicKeys, stakesLeft, shards} = await readVault(outside);
  if (publicKeys.length !== count) {
    throw new DvtError("DEMO_FAILED", `the chain shows ${publicKeys.length} validators of the vault instead of ${count}`);
  }
  announce(`the chain shows ${count} of its validators, and ${coinText(network, stakesLeft)} left in the vault`);
  await checkShards(outside, shards, {event: "ValidatorsApproval", publicKeys});
  announce(`each of ${oracles.all.length} oracles opened its shards on IPFS, and ${threshold} of them recover each exit`);
  return publicKeys;
}
