import {Type} from "typebox";
import {envInteger, envPort, envString} from "../../runtime/env.js";
import {commonEnv, roleEnv} from "./sharedEnv.js";

export const ConsoleEnv = Type.Object({
  ...commonEnv,
  ...roleEnv,
  CONSOLE_HOST: envString({description: "address to listen on; any other than loopback needs tokens", default: "127.0.0.1"}),
  CONSOLE_PORT: envPort({description: "port to listen on; 0: any", default: "8010"}),
  CONSOLE_TOKENS_FILE: Type.Optional(envString({description: "who may look: names and hashed tokens"})),
  CONSOLE_REQUESTS_PER_MINUTE: envInteger({
    description: "requests per minute of each token, or of each address if there are no tokens; at least 1",
    default: "600",
  }),
  CONSOLE_TRUSTED_PROXIES: Type.Optional(
    envString({description: "addresses and networks of proxies in front of it, whose X-Forwarded-For names the viewer"}),
  ),
});
