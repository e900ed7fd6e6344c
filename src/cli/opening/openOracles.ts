import type {NetworkName} from "../../../schemas/fields.js";
import {networks} from "../../consensus/networks.js";
import {parseEndpoints} from "../../http/endpoints.js";
import {type ConfiguredOracles, fixedConfig} from "../../oracles/liveOracles.js";
import {loadOraclesConfig} from "../../oracles/oracleSet.js";
import {parseDurationMs} from "../../runtime/duration.js";
import {userPath} from "../../runtime/userPath.js";
import {createProgress} from "../progress.js";
import type {StartContext} from "../roleProcess.js";

/** The variables of oraclesEnv and executionEndpointEnv. */
export type OraclesConfig = {
  readonly NETWORK: NetworkName;
  readonly ORACLES_CONFIG_FILE?: string;
  readonly EXECUTION_ENDPOINT?: string;
  readonly ORACLES_REFRESH: string;
  readonly ORACLES_CHECKPOINT_FILE: string;
  readonly IPFS_FETCH_ENDPOINTS: string;
  readonly KEEPER_CONTRACT?: string;
};

type Options = StartContext & {
  readonly config: OraclesConfig;
  readonly env: Record<string, string | undefined>;
};

/** For parseEnv: the settings must name a source of the oracle set. */
export const oraclesRules = ({ORACLES_CONFIG_FILE, EXECUTION_ENDPOINT}: Partial<OraclesConfig>): string[] =>
  ORACLES_CONFIG_FILE === undefined && EXECUTION_ENDPOINT === undefined
    ? ["neither ORACLES_CONFIG_FILE nor EXECUTION_ENDPOINT is set: the oracle set is read from a file or from the chain; set one"]
    : [];

/** Whether the oracle set may change while the role runs. */
export const areOraclesFollowed = ({ORACLES_CONFIG_FILE}: Pick<OraclesConfig, "ORACLES_CONFIG_FILE">): boolean =>
  ORACLES_CONFIG_FILE === undefined;

/** Where the oracle set is from, as a presence says it. */
export const oraclesSourceOf = (config: Pick<OraclesConfig, "ORACLES_CONFIG_FILE">): "file" | "chain" =>
  areOraclesFollowed(config) ? "chain" : "file";

/** The oracle set from the configured file, or else from the chain, followed until shutdown. */
export async function openOracles({config, env, logger, shutdown, waitFor}: Options): Promise<ConfiguredOracles> {
  const {ORACLES_CONFIG_FILE: file, EXECUTION_ENDPOINT: endpoints = "", KEEPER_CONTRACT: keeper} = config;
  if (file !== undefined) return fixedConfig(await waitFor("the oracles config", () => loadOraclesConfig(userPath(file, env))));
  // viem takes a third of a second to load.
  const {followOracles} = await import("../../oracles/followOracles.js");
  const oracles = await waitFor("the oracle set", () =>
    followOracles({
      endpoints,
      keeper,
      network: networks[config.NETWORK],
      logger,
      gateways: parseEndpoints("IPFS_FETCH_ENDPOINTS", config.IPFS_FETCH_ENDPOINTS),
      checkpointFile: userPath(config.ORACLES_CHECKPOINT_FILE, env),
      refreshMs: parseDurationMs(config.ORACLES_REFRESH),
      signal: shutdown.signal,
      onProgress: createProgress("Keeper blocks").show,
    }),
  );
  shutdown.onStop(oracles.stop);
  return oracles;
}
