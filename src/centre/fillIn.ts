import {inUrl, type NatsAddress, routePortOf} from "./centre.js";

/** Where the files are that a packaged example names in /etc/dvt, and the installation that it names in /opt/dvt-exits. */
export type Places = {
  readonly folder: string;
  readonly installation: string;
  /** The path of Node.js. */
  readonly node: string;
};

/** The text with these places in the stead of an example's. */
export const fillPlaces = (text: string, {folder, installation, node}: Places): string =>
  text
    .replaceAll(/\/etc\/dvt(?=\/|$)/gm, folder)
    .replaceAll("/opt/dvt-exits/", `${installation}/`)
    .replaceAll("/usr/bin/node ", `${node} `);

/** Values of settings. A secret is in a file, so NAME_FILE may stand for NAME; what is undefined is commented out. */
export type Settings = Readonly<Record<string, string | undefined>>;

/** An example's text with these settings, whether it has them commented out or not. Throws if it does not have one of them. */
export const fillSettings = (example: string, settings: Settings): string =>
  Object.entries(settings).reduce(
    (text, [name, value]) =>
      replaceOnly(text, new RegExp(`^#?${name.replace(/_FILE$/, "")}(?:_FILE)?=(.*)$`, "m"), (_, before) =>
        value === undefined ? `#${name}=${before}` : `${name}=${value}`,
      ),
    example,
  );

/** A server of a cluster, which one it is, and the others. */
export type InCluster = {readonly number: number; readonly server: NatsAddress; readonly others: readonly NatsAddress[]};

type NatsConfig = {readonly address: string; readonly port: number; readonly cluster?: InCluster | undefined};

/** nats.conf for clients at this address and port, with the certificate beside it; of a cluster, with the routes to the others. */
export function fillNatsConfig(example: string, {address, port, cluster}: NatsConfig): string {
  const listening = replaceOnly(example, /^host: .*$/m, () => `host: ${address}`);
  const withPort = replaceOnly(listening, /^port: .*$/m, () => `port: ${port}`);
  const withTls = replaceOnly(withPort, blockOf("tls"), uncommented);
  if (cluster === undefined) return withTls;
  const {number, server, others} = cluster;
  const named = replaceOnly(withTls, /^server_name: .*$/m, () => `server_name: dvt-nats-${number}`);
  const withRoutes = replaceOnly(named, blockOf("cluster"), uncommented);
  const routes = others.map((it) => `"tls://${inUrl(it.host)}:${routePortOf(it)}"`).join(", ");
  const withOwn = replaceOnly(withRoutes, /^ {2}listen: .*$/m, () => `  listen: "${address}:${routePortOf(server)}"`);
  return replaceOnly(withOwn, /^ {2}routes: .*$/m, () => `  routes: [${routes}]`);
}

/** A block of nats.conf that is commented out. */
const blockOf = (name: string): RegExp => new RegExp(`^# ${name} \\{\n(?:# .*\n)+?# \\}$`, "m");
const uncommented = (block: string): string => block.replaceAll(/^# /gm, "");

/** Throws where the pattern, which has no flag g, does not match exactly once: the example has changed. */
function replaceOnly(text: string, pattern: RegExp, replacement: (match: string, group: string) => string): string {
  const found = [...text.matchAll(new RegExp(pattern, `${pattern.flags}g`))];
  if (found.length !== 1) throw new Error(`the example has ${found.length} instead of one: ${pattern}`);
  return text.replace(pattern, replacement);
}
