import {Type} from "typebox";
import {Check} from "typebox/schema";
import {DvtError} from "../../errors.js";
import {whyNotSplit} from "../../sandbox/whyNotSplit.js";
import type {PlayedOutside} from "./playOutside.js";

/** What the oracles put on IPFS. */
const ShardsFile = Type.Object({
  public_keys: Type.Array(Type.String()),
  public_key_shards: Type.Array(Type.Array(Type.String())),
  exit_signature_shards: Type.Array(Type.Array(Type.String())),
});

/**
 * Does with the shards of this file on IPFS what the oracles could do: each decrypts its own and verifies it, and as many as the config says
 * recover each exit. Returns how many exits; DEMO_FAILED if one does not hold.
 */
export async function checkShards({network, ipfs, oracles, threshold}: Checked, cid: string): Promise<number> {
  const response = await fetch(`${ipfs.url}/ipfs/${cid}`);
  const file: unknown = response.ok ? await response.json() : undefined;
  if (!Check(ShardsFile, file)) throw new DvtError("DEMO_FAILED", `IPFS has no shards under ${cid}`);
  const oracleKeys = oracles.all.map(({privateKey}) => privateKey);
  const validators = await oracles.rules.validators();
  for (const [position, publicKey] of file.public_keys.entries()) {
    const exit = {
      publicKey,
      validatorIndex: validators.indexOf(publicKey.toLowerCase()),
      publicKeyShards: file.public_key_shards[position] ?? [],
      exitShards: file.exit_signature_shards[position] ?? [],
    };
    const why = whyNotSplit(exit, {network, count: oracleKeys.length, threshold, oracleKeys});
    if (why !== undefined) throw new DvtError("DEMO_FAILED", `the exit of ${publicKey} does not hold: ${why}`);
  }
  return file.public_keys.length;
}

type Checked = Pick<PlayedOutside, "network" | "ipfs" | "oracles"> & {readonly threshold: number};
