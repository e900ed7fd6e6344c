import type {Static} from "typebox";
import {isLoopback} from "../../runtime/isLoopback.js";
import type {ConsoleEnv} from "../env/consoleEnv.js";

/** Problems between variables: whoever reaches another address than loopback has to have a token. A limit must let somebody look. */
export function consoleRules({
  CONSOLE_HOST: host = "127.0.0.1",
  CONSOLE_TOKENS_FILE: tokens,
  CONSOLE_REQUESTS_PER_MINUTE: requests = "1",
}: Partial<Static<typeof ConsoleEnv>>): string[] {
  return [
    ...(tokens === undefined && !isLoopback(host)
      ? [`CONSOLE_HOST is ${host}, which other machines may reach: set CONSOLE_TOKENS_FILE`]
      : []),
    ...(Number(requests) < 1 ? ["CONSOLE_REQUESTS_PER_MINUTE must be at least 1"] : []),
  ];
}
