import {loadViewers} from "../../console/loadViewers.js";
import {startConsole} from "../../console/startConsole.js";
import {followParticipants} from "../../participants/liveParticipants.js";
import {parseDurationMs} from "../../runtime/duration.js";
import {parseEnv} from "../../runtime/env.js";
import {every} from "../../runtime/every.js";
import {userPath} from "../../runtime/userPath.js";
import {askStatus} from "../../status/askStatus.js";
import {parseTrustedProxies} from "../../web/trustedProxies.js";
import {ConsoleEnv} from "../env/consoleEnv.js";
import {askerOf} from "../opening/askerOf.js";
import {connectAs} from "../opening/connectAs.js";
import {busNeeds} from "../opening/needs.js";
import {openPublished} from "../opening/openPublished.js";
import {runRole} from "../roleProcess.js";
import {consoleRules} from "./consoleRules.js";

/**
 * A relayer that hangs is noticed after this. One that is well lets an asker rest for at most a second; if it then needs longer than
 * what is left to read the status, it remembers that for 20 times as long, and the next question gets it.
 */
const answerWithinMs = 3000;

/** Runs `dvt console`. */
export async function runConsole(env: NodeJS.ProcessEnv): Promise<void> {
  const config = parseEnv(ConsoleEnv, env, consoleRules);
  const {CONSOLE_TOKENS_FILE: tokensFile} = config;
  await runRole("console", config, async ({logger, shutdown, waitFor, readiness}) => {
    const tokens =
      tokensFile === undefined ? undefined : await waitFor("the tokens", () => loadViewers(userPath(tokensFile, env)));
    const path = userPath(config.PARTICIPANTS_FILE, env);
    const participants = await waitFor("the participants file", () => followParticipants(path, config.NETWORK, {logger}));
    const {participant, nkey} = await waitFor("the nkey seed", () => askerOf(participants.current(), config, env));
    const bus = await connectAs(participant, nkey, {participants: participants.current(), config, env, logger, waitFor});
    shutdown.onStop(bus.close);
    const published = await openPublished({config, env, logger, waitFor});
    const reload = async (): Promise<void> => {
      await published?.([{bus}]);
      await participants.reload();
      bus.trust(participants.current());
    };
    shutdown.onStop(every(parseDurationMs(config.RELOAD_EVERY), "reload participants.json", reload, logger).stop);
    logger.info({participant}, "asks the relayer");
    const serving = {
      host: config.CONSOLE_HOST,
      port: Number(config.CONSOLE_PORT),
      requestsPerMinute: Number(config.CONSOLE_REQUESTS_PER_MINUTE),
      trustedProxies: parseTrustedProxies("CONSOLE_TRUSTED_PROXIES", config.CONSOLE_TRUSTED_PROXIES),
    };
    const parts = {reader: askStatus(bus, {waitMs: answerWithinMs}), tokens, logger, stopping: shutdown.signal};
    await waitFor("the address of the console", () => startConsole(parts, serving, shutdown));
    readiness.needs(...busNeeds(bus));
  });
}
