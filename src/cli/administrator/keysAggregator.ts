import {createAggregatorKey} from "../../keys/aggregatorKey.js";
import {toHex} from "../../runtime/hex.js";
import {userPath} from "../../runtime/userPath.js";
import {terminal} from "../terminal.js";

/** Runs `dvt keys aggregator`. */
export async function runKeysAggregator({output}: {output: string}, env: NodeJS.ProcessEnv): Promise<void> {
  terminal.out(`${toHex(await createAggregatorKey(userPath(output, env)))}\n`);
}
