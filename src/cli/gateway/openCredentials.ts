import {DvtError} from "../../errors.js";
import type {Credentials} from "../../gateway/access/credentials.js";
import {loadTokens, parseJwtSecrets} from "../../gateway/access/loadCredentials.js";
import type {Participants} from "../../participants/participants.js";
import {isLoopback} from "../../runtime/isLoopback.js";
import type {Logger} from "../../runtime/logger.js";
import {userPath} from "../../runtime/userPath.js";

export type AuthConfig = {
  readonly GATEWAY_AUTH: "tokens" | "none";
  readonly GATEWAY_HOST: string;
  readonly GATEWAY_TOKENS_FILE?: string | undefined;
  readonly RELAYER_JWT_SECRET?: string | undefined;
};
type OpenOptions = {config: AuthConfig; env: NodeJS.ProcessEnv; logger: Logger};

/**
 * The credentials of callers; undefined when callers are not identified: on loopback without tokens, or with GATEWAY_AUTH=none.
 * CONFIG_INVALID if other machines could ask and no variable decides who may, or two contradict each other.
 */
export async function openCredentials(
  participants: Participants,
  operatorIds: readonly string[],
  {config, env, logger}: OpenOptions,
): Promise<Credentials | undefined> {
  const {GATEWAY_AUTH: auth, GATEWAY_HOST: host, GATEWAY_TOKENS_FILE: file, RELAYER_JWT_SECRET: secret} = config;
  const isSet = file !== undefined || secret !== undefined;
  if (auth === "none" && isSet) {
    throw new DvtError(
      "CONFIG_INVALID",
      "GATEWAY_AUTH is none, but GATEWAY_TOKENS_FILE or RELAYER_JWT_SECRET is set: remove one or the other",
    );
  }
  if (auth === "tokens" && !isSet && !isLoopback(host)) {
    throw new DvtError(
      "CONFIG_INVALID",
      `GATEWAY_HOST is ${host}, which other machines may reach: set GATEWAY_TOKENS_FILE or RELAYER_JWT_SECRET, or GATEWAY_AUTH=none if a firewall or proxy keeps others out`,
    );
  }
  if (!isSet) {
    logger.warn({host}, "no tokens: anybody who reaches this address may ask for exits and post shares");
    return undefined;
  }
  return {
    tokens: file === undefined ? [] : await loadTokens(userPath(file, env), participants),
    jwtSecrets: secret === undefined ? [] : parseJwtSecrets(secret, operatorIds),
  };
}
