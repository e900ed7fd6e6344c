import type {NetworkName} from "../../schemas/fields.js";
import type {ClusterOptions} from "./makeDemoClusters.js";

/** What the user chose for `dvt demo`. */
export type DemoOptions = ClusterOptions & {
  network: NetworkName;
  oracleCount: number;
  oracleThreshold: number;
  startIndex: number;
  /** The file for the results. */
  output: string;
  /** Whether validators are registered in a vault on a chain that is played here. */
  register: boolean;
  /** The user's own oracles file instead of a generated one. */
  oracles?: string;
  natsUrl?: string;
  mongoUrl?: string;
  /** The gateway's port on loopback, 0 for any free one; undefined: no gateway is started. */
  httpPort?: number;
  /** Whether everything stays up after the first exits. */
  keep: boolean;
};
