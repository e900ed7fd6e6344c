/** NATS's own account, in which the servers answer about themselves. */
export const systemAccount = "$SYS";

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
  readonly nkey: string;
  /** The account that has the streams, and the prefix under which others reach its API. */
  readonly streams: {readonly account: string; readonly prefix: string};
};

/** The subjects that the account with the streams exports to the monitor. */
export const monitoredSubjects: readonly string[] = ofStreams.map((it) => `$JS.API.${it}`);

/** The system account, with a user that can read how servers, streams and consumers are, and change nothing. */
export function toMonitorAccount({nkey, streams: {account, prefix}}: Options): object {
  const publish = {
    allow: ["$SYS.REQ.USER.INFO", "$SYS.REQ.SERVER.PING", ...ofServers, ...ofStreams.map((it) => `${prefix}.${it}`)],
  };
  return {
    users: [{nkey, permissions: {publish, subscribe: {allow: ["_INBOX.>"]}}}],
    imports: ofStreams.map((it) => ({service: {account, subject: `$JS.API.${it}`}, to: `${prefix}.${it}`})),
  };
}
