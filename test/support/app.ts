import {networks} from "../../src/consensus/networks.js";
import {createRecent} from "../../src/gateway/caches/recent.js";
import {createApp} from "../../src/gateway/createApp.js";
import type {Gateway} from "../../src/gateway/gateway.js";
import {addGatewayMetrics} from "../../src/metrics/addGatewayMetrics.js";
import type {App} from "../../src/web/app.js";
import {aLogger} from "./logger.js";

type Settings = Partial<Pick<Gateway, "credentials" | "stopping" | "checkServers" | "metrics">>;

/** The gateway's routes, serving nobody: enough to test what happens before a route does anything. */
export async function anApp({
  credentials,
  stopping = new AbortController().signal,
  checkServers = async () => {},
  metrics = addGatewayMetrics(),
}: Settings = {}): Promise<App> {
  const nobodys: Partial<Gateway> = {
    network: networks.hoodi,
    operators: new Map(),
    sidecars: new Map(),
    clusters: {all: [], awaited: [], byId: () => undefined, byPublicKey: () => undefined},
    logger: aLogger().logger,
    asked: createRecent(1000),
    sent: createRecent(1000),
  };
  const gateway = {...nobodys, credentials, stopping, checkServers, metrics} as Gateway;
  return createApp(gateway, {host: "127.0.0.1", port: 0, requestsPerMinute: 1000, trustedProxies: []});
}
