import {writeFile} from "node:fs/promises";
import {generatePrivateKey, publicKeyOf} from "../ecies/keys.js";
import {toHex} from "../runtime/hex.js";

/** Writes an oracles config in StakeWise's format and returns the oracles' private keys (32 bytes), in its order. */
export async function writeOracles(path: string, {count, threshold}: {count: number; threshold: number}): Promise<Uint8Array[]> {
  const privateKeys = Array.from({length: count}, generatePrivateKey);
  const oracles = privateKeys.map((key, position) => ({
    public_key: toHex(publicKeyOf(key)),
    endpoints: [`https://oracle-${position + 1}.example`],
  }));
  await writeFile(path, JSON.stringify({oracles, exit_signature_recover_threshold: threshold}, undefined, 2));
  return privateKeys;
}
