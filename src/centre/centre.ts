import type {NetworkName} from "../../schemas/fields.js";
import type {Owner} from "./making.js";

/** A cluster to add: where its definition is from. */
export type WantedCluster = {
  readonly id: string;
  /** The text of a file, and the name that its copy gets; or the SSV operators of a cluster on the chain. */
  readonly definition: {readonly name: string; readonly text: string} | {readonly ssvOperatorIds: readonly number[]};
};

/** Where a NATS server is reached. */
export type NatsAddress = {readonly host: string; readonly port: number};

/** What the centre is to be. */
export type Centre = {
  readonly network: NetworkName;
  /** Where everybody reaches NATS, with TLS: the server on this machine. */
  readonly nats: NatsAddress;
  /** The two others of a cluster, each on a machine of its own. */
  readonly otherServers?: readonly NatsAddress[] | undefined;
  readonly clusters: readonly WantedCluster[];
  /** The operator whose files are on the centre too. */
  readonly operatorId?: string | undefined;
  /** The text of the oracles config; undefined: there is none yet, or it is read from the chain. */
  readonly oracles?: string | undefined;
  /** They may hold keys. */
  readonly executionEndpoint?: string | undefined;
  readonly consensusEndpoint?: string | undefined;
  readonly hasGateway: boolean;
  /** host:port of MongoDB, or several separated by commas; undefined: compose's own. */
  readonly mongodb?: string | undefined;
};

/** The users of docker/compose.yaml and docker/systemd, who own their folders. */
export const owners = {
  relayer: {user: 10001, group: 10001},
  aggregator: {user: 10002, group: 10002},
  gateway: {user: 10003, group: 10003},
  console: {user: 10005, group: 10005},
  /** In a container, the server is root, without root's power over others' files. As a unit, it has a user whose group reads them. */
  nats: {user: 0, group: 10006, groupReads: true},
} as const satisfies Record<string, Owner>;

/** The files of the centre, below its folder. */
export const files = {
  participants: "shared/participants.json",
  oracles: "shared/oracles.json",
  authority: "shared/ca.pem",
  authorityKey: "admin/ca.key",
  admin: "admin/admin.nkey",
  serverAdmin: "admin/server-admin.nkey",
  centreEnv: "admin/centre.env",
  consoleToken: "admin/console.token",
  gatewayToken: "operator/gateway.token",
  relayer: "relayer/relayer.nkey",
  aggregator: "aggregator/aggregator.nkey",
  aggregatorKey: "aggregator/aggregator.key",
  console: "console/console.nkey",
  operator: "operator/operator.nkey",
  operatorEnv: "operator/operator.env",
  natsConfig: "nats/nats.conf",
  accounts: "nats/accounts.conf",
  copyAccounts: "admin/copy-accounts",
  mongoPassword: "mongo/root.password",
  composeEnv: ".env",
  compose: "compose.yaml",
  sysusers: "dvt.sysusers.conf",
} as const;

/** NATS_URL of these servers. */
export const natsUrlOf = (...servers: readonly NatsAddress[]): string =>
  servers.map(({host, port}) => `tls://${inUrl(host)}:${port}`).join(",");

/** A host as URLs have it. */
export const inUrl = (host: string): string => (host.includes(":") ? `[${host}]` : host);

/** Where the servers of a cluster reach each other: 6222, if clients are at 4222. */
export const routePortOf = ({port}: NatsAddress): number => port + 2000;

/** The folder with the files of this server of the cluster, from 1. The others belong on other machines. */
export const natsFolderOf = (number: number): string => (number === 1 ? "nats" : `nats-${number}`);
