import {publicKeyOf} from "../../ecies/keys.js";
import {loadAggregatorKeys} from "../../keys/aggregatorKey.js";
import {toHex} from "../../runtime/hex.js";
import type {Logger} from "../../runtime/logger.js";
import {userPath} from "../../runtime/userPath.js";

type KeysConfig = {readonly AGGREGATOR_PRIVATE_KEY_FILE: string; readonly ALLOW_EXPOSED_KEY_FILES: "true" | "false"};
type Options = {config: KeysConfig; env: NodeJS.ProcessEnv; logger: Logger};

/** The aggregator's private keys; `publicKeys` is what sidecars encrypt to, newest first. Fails as loadAggregatorKeys. */
export async function openAggregatorKeys(
  publicKeys: readonly Uint8Array[],
  {config, env, logger}: Options,
): Promise<Uint8Array[]> {
  const files = config.AGGREGATOR_PRIVATE_KEY_FILE.split(",").map((file) => userPath(file.trim(), env));
  const privateKeys = await loadAggregatorKeys(files, publicKeys, {allowExposed: config.ALLOW_EXPOSED_KEY_FILES === "true"});
  const [newest] = publicKeys;
  if (newest && !privateKeys.some((key) => toHex(publicKeyOf(key)) === toHex(newest))) {
    logger.warn(
      "no key file can decrypt what sidecars encrypt now: none belongs to the first of participants.json's encryption_keys",
    );
  }
  return privateKeys;
}
