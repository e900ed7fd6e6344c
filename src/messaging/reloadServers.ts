import {createInbox, Empty, type NatsConnection, NatsError} from "nats";
import {DvtError, type ErrorCode} from "../errors.js";
import {inboxPrefixOf} from "./accounts.js";
import {dialAs, usualReloadMs} from "./dialAs.js";
import type {Identity} from "./identity.js";
import {parseNatsServers} from "./natsServers.js";
import {pingServers, reloadServer} from "./systemAccount.js";

type Options = {
  readonly url: string;
  /** The server administrator's. */
  readonly identity: Identity;
  /** Path of the certificate authority that signed the server's certificate; optional if the system trusts it. */
  readonly caFile?: string | undefined;
};

/** A server, as it names itself. */
type Server = {readonly id: string; readonly name: string};
type Reply = {
  readonly server: Server;
  readonly statsz?: {readonly active_servers?: number};
  readonly error?: {readonly description: string};
};
/** How the reload of one server went. */
type Outcome = {readonly refused?: true; readonly problem?: string};

const answerWithinMs = 5000;
/** nats-server serves a new account only after the second reload. The answer to a reload comes when it is done. */
const times = 2;

/**
 * Has every server of the bus read its configuration again, over the bus, and returns their names. Each reads its own files: the caller
 * has written the new accounts where each of them looks, on the machine of each. NATS_CONFIG_REFUSED if a server refuses its
 * configuration, which stays as it was, and BUS_UNAVAILABLE if one does not answer: the others are reloaded all the same.
 */
export async function reloadServers({url, identity, caFile}: Options): Promise<readonly string[]> {
  const {connection} = await dialAs(identity, parseNatsServers(url, {hasAuthority: caFile !== undefined}), caFile, {
    reloadMs: usualReloadMs,
    // The reload may end this very connection.
    ignoreAuthErrorAbort: true,
    reconnectTimeWait: 250,
  });
  try {
    const {servers, known} = await findServers(connection, inboxPrefixOf(identity.participant));
    let outcomes: readonly Outcome[] = [];
    for (let time = 1; time <= times; time++) {
      outcomes = await Promise.all(servers.map((server) => reload(connection, server)));
    }
    const problems = outcomes.flatMap(({problem}) => problem ?? []);
    if (outcomes.some(({refused}) => refused)) throw failed("NATS_CONFIG_REFUSED", problems);
    if (servers.length < known) problems.push(`${servers.length} of ${known} servers answered`);
    if (problems.length > 0) throw failed("BUS_UNAVAILABLE", [...problems, "run the command again when they answer"]);
    return servers.map(({name}) => name);
  } finally {
    await connection.close();
  }
}

const failed = (code: ErrorCode, problems: readonly string[]): DvtError =>
  new DvtError(code, `reload the NATS servers: ${problems.join("; ")}`);

/** The servers that answer, and how many there are as these know. BUS_UNAVAILABLE if none does. */
async function findServers(
  connection: NatsConnection,
  inboxPrefix: string,
): Promise<{servers: readonly Server[]; known: number}> {
  const replies = connection.subscribe(createInbox(inboxPrefix));
  const timer = setTimeout(() => replies.unsubscribe(), answerWithinMs);
  connection.publish(pingServers, Empty, {reply: replies.getSubject()});
  const servers: Server[] = [];
  let known = 1;
  for await (const message of replies) {
    if (message.data.length === 0) break;
    const {server, statsz} = message.json<Reply>();
    servers.push(server);
    known = Math.max(known, statsz?.active_servers ?? 1);
    if (servers.length >= known) break;
  }
  clearTimeout(timer);
  if (servers.length > 0) return {servers, known};
  throw failed("BUS_UNAVAILABLE", ["none answers; do their accounts have this nkey as server_admin?"]);
}

async function reload(connection: NatsConnection, {id, name}: Server): Promise<Outcome> {
  try {
    const answer = await connection.request(reloadServer(id), Empty, {timeout: answerWithinMs});
    const {error} = answer.json<Reply>();
    return error ? {refused: true, problem: `${name} refused its configuration: ${error.description}`} : {};
  } catch (error) {
    if (!(error instanceof NatsError)) throw error;
    return {problem: `${name} did not answer (${error.message})`};
  }
}
