/** NATS's own account, in which the servers answer about themselves. */
export const systemAccount = "$SYS";

/** The server administrator, as its connections and inboxes are named. */
export const serverAdmin = "server-admin";

/** What NATS's tools ask the servers. Not profiles, which hold memory, and nothing that changes a server: reload, kick, lame duck. */
const ofServers = ["IDZ", "STATSZ", "VARZ", "HEALTHZ", "JSZ", "CONNZ", "ACCOUNTZ", "RAFTZ"].map(
  (it) => `$SYS.REQ.SERVER.PING.${it}`,
);

/** What they ask about streams and consumers: their state, not their messages. */
const ofStreams = [
  "INFO",
  "STREAM.NAMES",
  "STREAM.LIST",
  "STREAM.INFO.*",
  "CONSUMER.NAMES.*",
  "CONSUMER.LIST.*",
  "CONSUMER.INFO.*.*",
];

type Options = {
  readonly monitor: {readonly nkey: string} | undefined;
  readonly serverAdmin: {readonly nkey: string} | undefined;
  /** The account that has the streams, and the prefix under which others reach its API. */
  readonly streams: {readonly account: string; readonly prefix: string};
  readonly inboxPrefixOf: (participant: string) => string;
};

/** The subjects that the account with the streams exports to the monitor. */
export const monitoredSubjects: readonly string[] = ofStreams.map((it) => `$JS.API.${it}`);

/** Every server answers with its id and how many there are. */
export const pingServers = "$SYS.REQ.SERVER.PING";
/** The server of this id reads its configuration again. */
export const reloadServer = (id: string): string => `$SYS.REQ.SERVER.${id}.RELOAD`;

/**
 * The system account. The monitor can read how servers, streams and consumers are, and change nothing; the server administrator can
 * reload servers, and nothing else. The servers have their configuration from their own files: a reload adds nothing to them.
 */
export function toSystemAccount({monitor, serverAdmin: reloader, streams, inboxPrefixOf}: Options): object {
  const {account, prefix} = streams;
  const monitored = ["$SYS.REQ.USER.INFO", pingServers, ...ofServers, ...ofStreams.map((it) => `${prefix}.${it}`)];
  const user = (nkey: string, publish: string[], subscribe: string) => ({
    nkey,
    permissions: {publish: {allow: publish}, subscribe: {allow: [subscribe]}},
  });
  return {
    users: [
      ...(monitor ? [user(monitor.nkey, monitored, "_INBOX.>")] : []),
      ...(reloader ? [user(reloader.nkey, [pingServers, reloadServer("*")], `${inboxPrefixOf(serverAdmin)}.>`)] : []),
    ],
    ...(monitor && {
      imports: ofStreams.map((it) => ({service: {account, subject: `$JS.API.${it}`}, to: `${prefix}.${it}`})),
    }),
  };
}
