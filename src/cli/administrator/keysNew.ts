import {createSeed} from "../../messaging/identity.js";
import {writeKeyFile} from "../../runtime/secretFile.js";
import {userPath} from "../../runtime/userPath.js";
import {terminal} from "../terminal.js";

/** Runs `dvt keys new`. */
export async function runKeysNew({output}: {output: string}, env: NodeJS.ProcessEnv): Promise<void> {
  const {seed, nkey} = createSeed();
  await writeKeyFile(userPath(output, env), seed);
  terminal.out(`${nkey}\n`);
}
