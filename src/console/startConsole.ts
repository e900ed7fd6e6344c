import {every} from "../runtime/every.js";
import type {Shutdown} from "../runtime/shutdown.js";
import {addAdmission} from "../web/admit.js";
import type {App} from "../web/app.js";
import {createServer} from "../web/createServer.js";
import {listen} from "../web/listen.js";
import type {Serving} from "../web/serving.js";
import {identifyByToken} from "../web/tokens.js";
import {addLive} from "./addLive.js";
import {addPages} from "./addPages.js";
import type {Console, ConsoleParts} from "./console.js";
import {createWatch} from "./createWatch.js";
import {loadPage} from "./loadPage.js";

const periodMs = 1000;
/** Pages that are looked at are requests that are not answered yet. */
const requestsAtOnce = 400;

/** Serves the page, read-only, and asks the relayer for what somebody looks at. Returns the port. PORT_UNAVAILABLE, CONFIG_INVALID. */
export async function startConsole(parts: ConsoleParts, serving: Serving, shutdown: Shutdown): Promise<number> {
  const watch = createWatch(parts);
  shutdown.onStop(every(periodMs, "ask the relayer for viewers", watch.round, parts.logger).stop);
  const app = await createApp({...parts, watch}, serving);
  return listen(app, {...serving, variables: "CONSOLE_HOST, CONSOLE_PORT", logger: parts.logger, shutdown});
}

async function createApp(parts: Console, serving: Serving): Promise<App> {
  const {logger, stopping, tokens} = parts;
  const page = await loadPage();
  const app = createServer({logger, stopping, trustedProxies: serving.trustedProxies});
  await addAdmission(app, {identify: tokens && identifyByToken(tokens)}, {...serving, requestsAtOnce});
  addPages(app, parts, page);
  addLive(app, parts);
  return app;
}
