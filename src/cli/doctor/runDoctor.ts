import type {Static, TObject} from "typebox";
import {parseEnv} from "../../runtime/env.js";
import {createShutdown} from "../../runtime/shutdown.js";
import {consoleRules} from "../console/consoleRules.js";
import {AggregatorEnv} from "../env/aggregatorEnv.js";
import {ConsoleEnv} from "../env/consoleEnv.js";
import {GatewayEnv} from "../env/gatewayEnv.js";
import {OperatorEnv} from "../env/operatorEnv.js";
import {RelayerEnv} from "../env/relayerEnv.js";
import {SidecarEnv} from "../env/sidecarEnv.js";
import {VaultDoctorEnv, vaultVariables} from "../env/vaultEnv.js";
import {gatewayRules} from "../gateway/gatewayRules.js";
import {oraclesRules} from "../opening/openOracles.js";
import {sidecarRules} from "../sidecar/sidecarRules.js";
import {terminal} from "../terminal.js";
import {fullVersion} from "../version.js";
import {consoleChecks, operatorChecks} from "./askerChecks.js";
import type {Check} from "./check.js";
import type {Context} from "./context.js";
import type {DoctorRole} from "./doctorRoles.js";
import {gatewayChecks} from "./gatewayChecks.js";
import {lookAt} from "./lookAt.js";
import {isHealthy, lineText, reportJson, summaryText} from "./report.js";
import {sidecarChecks} from "./sidecarChecks.js";
import {aggregatorChecks, relayerChecks} from "./systemChecks.js";
import {vaultDoctorRules} from "./vaultDoctorRules.js";

type Options = {json?: boolean; verify: boolean};
type Made = {network: string; checks: readonly Check[]};

/** Reads a role's settings as the role does, and makes its checks. */
type Make = (env: NodeJS.ProcessEnv, rest: Omit<Context<unknown>, "config" | "env">) => Promise<Made>;

const makeOf =
  <T extends TObject>(
    schema: T,
    checksOf: (context: Context<Static<T>>) => Promise<Check[]>,
    rules?: (values: Partial<Static<T>>) => readonly string[],
  ): Make =>
  async (env, rest) => {
    const config = parseEnv(schema, env, rules);
    return {network: String((config as {NETWORK?: unknown}).NETWORK), checks: await checksOf({config, env, ...rest})};
  };

const ofRequests = makeOf(OperatorEnv, (context) => operatorChecks(context), oraclesRules);
const ofVaults = makeOf(
  VaultDoctorEnv,
  (context) =>
    operatorChecks(context, async (parts) => {
      // viem takes a third of a second to load.
      const {vaultChecks} = await import("./vaultChecks.js");
      return vaultChecks(context, parts);
    }),
  vaultDoctorRules,
);
const hasVaults = (env: NodeJS.ProcessEnv): boolean => vaultVariables.some((name) => (env[name] ?? "") !== "");

const makers: Readonly<Record<DoctorRole, Make>> = {
  relayer: makeOf(RelayerEnv, relayerChecks, oraclesRules),
  aggregator: makeOf(AggregatorEnv, aggregatorChecks, oraclesRules),
  sidecar: makeOf(SidecarEnv, sidecarChecks, sidecarRules),
  gateway: makeOf(GatewayEnv, gatewayChecks, (values) => [...gatewayRules(values), ...oraclesRules(values)]),
  console: makeOf(ConsoleEnv, consoleChecks, consoleRules),
  operator: (env, rest) => (hasVaults(env) ? ofVaults : ofRequests)(env, rest),
};

/** Runs `dvt doctor`; returns 2 unless the role has everything that it needs. CONFIG_INVALID for its settings. */
export async function runDoctor(role: DoctorRole, {json = false, verify}: Options, env: NodeJS.ProcessEnv): Promise<number> {
  // A file or a connection that does not close says nothing about the role.
  const shutdown = createShutdown({onError: () => {}});
  try {
    const {network, checks} = await makers[role](env, {shutdown, verify});
    if (!json) terminal.out(`dvt ${fullVersion}, the ${role} of ${network}\n\n`);
    const lines = await lookAt(checks, (line) => {
      if (!json) terminal.out(lineText(line));
    });
    terminal.out(json ? reportJson({role, network, version: fullVersion, lines}) : `\n${summaryText(lines)}`);
    return isHealthy(lines) ? 0 : 2;
  } finally {
    await shutdown.stop();
  }
}
