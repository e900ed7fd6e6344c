import {toAccountsConfig} from "../../messaging/accounts.js";
import {loadParticipants} from "../../participants/participants.js";
import {parseEnv} from "../../runtime/env.js";
import {writeFileAtomic} from "../../runtime/files.js";
import {userPath} from "../../runtime/userPath.js";
import {NatsConfigEnv} from "../env/administratorEnv.js";
import {terminal} from "../terminal.js";

/** Runs `dvt nats config`. */
export async function runNatsConfig({output}: {output?: string}, env: NodeJS.ProcessEnv): Promise<void> {
  const config = parseEnv(NatsConfigEnv, env);
  const text = toAccountsConfig(await loadParticipants(userPath(config.PARTICIPANTS_FILE, env), config.NETWORK));
  if (output === undefined) terminal.out(text);
  else await writeFileAtomic(userPath(output, env), text);
}
