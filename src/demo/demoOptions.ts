import type {NetworkName} from "../../schemas/fields.js";
import type {ClusterOptions} from "./makeDemoClusters.js";

export type DemoOptions = ClusterOptions & {
  network: NetworkName;
  oracleCount: number;
  oracleThreshold: number;
  startIndex: number;
  output: string;
  /** The user's own file instead of a generated one. */
  oracles?: string;
  natsUrl?: string;
  mongoUrl?: string;
  /** Where the gateway listens on loopback, 0: on any port; it is not started where there is none. */
  httpPort?: number;
  /** Whether everything stays up after the first batch. */
  keep: boolean;
};
