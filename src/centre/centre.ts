import type {NetworkName} from "../../schemas/fields.js";
import type {Owner} from "./making.js";

/** A cluster to add: where its definition is from. */
export type WantedCluster = {
  readonly id: string;
  /** The text of a file, and the name that its copy gets; or the SSV operators of a cluster on the chain. */
  readonly definition: {readonly name: string; readonly text: string} | {readonly ssvOperatorIds: readonly number[]};
};

/** What the centre is to be. */
export type Centre = {
  readonly network: NetworkName;
  /** Where everybody reaches NATS, with TLS. */
  readonly nats: {readonly host: string; readonly port: number};
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
  natsCertificate: "nats/nats.pem",
  natsKey: "nats/nats.key",
  mongoPassword: "mongo/root.password",
  composeEnv: ".env",
  compose: "compose.yaml",
  sysusers: "dvt.sysusers.conf",
} as const;

export const natsUrlOf = ({host, port}: Centre["nats"]): string => `tls://${host.includes(":") ? `[${host}]` : host}:${port}`;
