import {Type} from "typebox";
import {Check} from "typebox/schema";
import {DvtError} from "../../errors.js";
import {whyNotSplit} from "../../sandbox/whyNotSplit.js";
import type {PlayedOutside} from "./playOutside.js";
import type {VaultOnChain} from "./readVault.js";

/** What the oracles put on IPFS. */
const ShardsFile = Type.Object({
  public_keys: Type.Array(Type.String()),
  public_key_shards: Type.Array(Type.Array(Type.String())),
  exit_signature_shards: Type.Array(Type.Array(Type.String())),
});

type Expected = {readonly event: string; readonly publicKeys: readonly string[]};

/**
 * Does with these shards what the oracles could do: each decrypts its own and verifies it, and a threshold of them recover each exit.
 * DEMO_FAILED unless the Keeper's event is the expected one, and the shards are of these keys and hold.
 */
export async function checkShards(
  {network, ipfs, oracles, threshold}: Pick<PlayedOutside, "network" | "ipfs" | "oracles" | "threshold">,
  {event, cid}: VaultOnChain["shards"],
  {event: wanted, publicKeys}: Expected,
): Promise<void> {
  if (event !== wanted) throw new DvtError("DEMO_FAILED", `the Keeper's last event is ${event || "none"} instead of ${wanted}`);
  const response = await fetch(`${ipfs.url}/ipfs/${cid}`);
  const file: unknown = response.ok ? await response.json() : undefined;
  if (!Check(ShardsFile, file)) throw new DvtError("DEMO_FAILED", `IPFS has no shards under ${cid}`);
  const keys = file.public_keys.map((key) => key.toLowerCase());
  if (keys.toSorted().join() !== publicKeys.toSorted().join()) {
    throw new DvtError("DEMO_FAILED", `the shards under ${cid} are not of the vault's validators`);
  }
  const oracleKeys = oracles.all.map(({privateKey}) => privateKey);
  const validators = await oracles.rules.validators();
  for (const [position, publicKey] of keys.entries()) {
    const exit = {
      publicKey,
      validatorIndex: validators.indexOf(publicKey),
      publicKeyShards: file.public_key_shards[position] ?? [],
      exitShards: file.exit_signature_shards[position] ?? [],
    };
    const why = whyNotSplit(exit, {network, count: oracleKeys.length, threshold, oracleKeys});
    if (why !== undefined) throw new DvtError("DEMO_FAILED", `the exit of ${publicKey} does not hold: ${why}`);
  }
}
