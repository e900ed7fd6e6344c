import {createAggregatorKey} from "../keys/aggregatorKey.js";
import {toHex} from "../runtime/hex.js";
import {userPath} from "./userPath.js";

export async function runKeysAggregator({output}: {output: string}): Promise<void> {
  process.stdout.write(`${toHex(await createAggregatorKey(userPath(output)))}\n`);
}
