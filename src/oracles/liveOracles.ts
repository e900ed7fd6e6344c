import type {OracleSet, OraclesConfig} from "./oracleSet.js";
import {type ProtocolConfig, toProtocolConfig} from "./protocolConfig.js";

/** The current oracle set. A caller reads it once for work that belongs together, so that no work mixes two sets. */
export type LiveOracles = {
  current(): OracleSet;
};

/** An oracle set that says how long ago it was found to be the current one; 0 if it never changes. */
export type CheckedOracles = LiveOracles & {checkedAgoMs(): number};

/** An oracle set with the config that it is part of. */
export type ConfiguredOracles = CheckedOracles & {
  /** The whole config of the current set, which is in it. ORACLES_CONFIG_INVALID if it lacks what asking the oracles needs. */
  protocolConfig(): ProtocolConfig;
};

/** An oracle set that never changes, such as that of a file. */
export const fixedOracles = (oracleSet: OracleSet): CheckedOracles => ({
  current: () => oracleSet,
  checkedAgoMs: () => 0,
});

/** The config of a file, which never changes either. */
export const fixedConfig = (config: OraclesConfig): ConfiguredOracles => ({
  ...fixedOracles(config.oracleSet),
  protocolConfig: () => toProtocolConfig(config),
});
