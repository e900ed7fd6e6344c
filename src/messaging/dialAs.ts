import {setTimeout as delay} from "node:timers/promises";
import {type ConnectionOptions, ErrorCode, type NatsConnection, NatsError} from "nats";
import {DvtError} from "../errors.js";
import {inboxPrefixOf} from "./accounts.js";
import {dial} from "./dial.js";
import type {Identity} from "./identity.js";
import {createLogin} from "./login.js";
import type {NatsServers} from "./natsServers.js";

export type DialOptions = ConnectionOptions & {
  /** How long a rejected login is tried again: while the servers reload their accounts, they reject every login for a moment. */
  readonly reloadMs: number;
};

/** Longer than a server needs to reload. */
export const usualReloadMs = 1000;
const retryMs = 250;

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
  {reloadMs, ...options}: DialOptions,
): Promise<LoggedIn> {
  const {participant: name} = identity;
  const {authenticator, loginError} = createLogin(identity);
  const own = {name, authenticator, inboxPrefix: inboxPrefixOf(name)};
  const until = performance.now() + reloadMs;
  const log = async (): Promise<NatsConnection> => {
    try {
      return await dial(servers, caFile, {...options, ...own});
    } catch (error) {
      const failedLogin = loginError();
      if (failedLogin) throw failedLogin;
      if (!isRejected(error) || performance.now() > until) throw error;
      await delay(retryMs);
      return log();
    }
  };
  const connection = await log();
  const failedLogin = loginError();
  if (!failedLogin) return {connection, loginError};
  await connection.close();
  throw failedLogin;
}

const isRejected = (error: unknown): boolean =>
  error instanceof DvtError && error.cause instanceof NatsError && error.cause.code === ErrorCode.AuthorizationViolation;
