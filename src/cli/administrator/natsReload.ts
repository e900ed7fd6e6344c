import {execFile} from "node:child_process";
import {readFile} from "node:fs/promises";
import {setTimeout as delay} from "node:timers/promises";
import {promisify} from "node:util";
import {DvtError} from "../../errors.js";
import {toAccountsConfig} from "../../messaging/accounts.js";
import {loadParticipants} from "../../participants/participants.js";
import {parseEnv} from "../../runtime/env.js";
import {writeFileAtomic} from "../../runtime/files.js";
import {userPath} from "../../runtime/userPath.js";
import {NatsConfigEnv} from "../env/administratorEnv.js";
import {terminal} from "../terminal.js";

export type NatsReloadOptions = {config: string; accounts: string; pidFile: string};

const run = promisify(execFile);

/**
 * Applies a changed participants.json to a running server on this machine: writes the accounts, has nats-server check the whole
 * configuration, restores the old accounts if it refuses, and reloads several times, because nats-server serves a new account
 * only after the second reload.
 */
export async function runNatsReload(options: NatsReloadOptions, env: NodeJS.ProcessEnv): Promise<void> {
  const {PARTICIPANTS_FILE, NETWORK, NATS_SERVER} = parseEnv(NatsConfigEnv, env);
  const [config, accounts, pidFile] = [options.config, options.accounts, options.pidFile].map((path) => userPath(path, env)) as [
    string,
    string,
    string,
  ];
  const text = toAccountsConfig(await loadParticipants(userPath(PARTICIPANTS_FILE, env), NETWORK));
  const before = await readFile(accounts, "utf8").catch(() => undefined);
  await writeFileAtomic(accounts, text);
  try {
    await run(NATS_SERVER, ["-t", "-c", config]);
  } catch (cause) {
    if (before !== undefined) await writeFileAtomic(accounts, before);
    const {stderr, message} = cause as Error & {stderr?: string};
    throw new DvtError(
      "NATS_CONFIG_REFUSED",
      `check ${config}: nats-server refused it, and nothing was changed: ${(stderr || message).trim()}`,
      {cause},
    );
  }
  // A signal that arrives before nats-server has handled the previous one is lost, and nothing shows when it has.
  for (let times = 0; times < 3; times++) {
    if (times > 0) await delay(300);
    await signalReload(NATS_SERVER, pidFile);
  }
  terminal.out("reloaded\n");
}

async function signalReload(natsServer: string, pidFile: string): Promise<void> {
  try {
    await run(natsServer, ["--signal", `reload=${pidFile}`]);
  } catch (cause) {
    const {stderr, message} = cause as Error & {stderr?: string};
    throw new DvtError("NATS_CONFIG_REFUSED", `reload the server of ${pidFile}: ${(stderr || message).trim()}`, {cause});
  }
}
