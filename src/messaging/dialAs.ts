import type {ConnectionOptions, NatsConnection} from "nats";
import type {DvtError} from "../errors.js";
import {inboxPrefixOf} from "./accounts.js";
import {dial} from "./dial.js";
import type {Identity} from "./identity.js";
import {createLogin} from "./login.js";
import type {NatsServers} from "./natsServers.js";

/** A connection that is logged in, and why its last login was not signed, if so: later logins may be asked for something else. */
export type LoggedIn = {readonly connection: NatsConnection; readonly loginError: () => DvtError | undefined};

/**
 * Connects to one of these servers and logs in as this participant, under its name and with its inbox. BUS_UNAVAILABLE if none answers or
 * accepts the login; LOGIN_NONCE_INVALID if one wants something else signed, even if it then lets anybody in.
 */
export async function dialAs(
  identity: Identity,
  servers: NatsServers,
  caFile: string | undefined,
  options: ConnectionOptions,
): Promise<LoggedIn> {
  const {participant: name} = identity;
  const {authenticator, loginError} = createLogin(identity);
  const own = {name, authenticator, inboxPrefix: inboxPrefixOf(name)};
  const connection = await dial(servers, caFile, {...options, ...own}).catch((error: unknown) => {
    throw loginError() ?? error;
  });
  const failedLogin = loginError();
  if (!failedLogin) return {connection, loginError};
  await connection.close();
  throw failedLogin;
}
