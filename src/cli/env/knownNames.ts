import type {TObject} from "typebox";
import {ClustersShowEnv, DeadLettersRetryEnv, NatsConfigEnv, StreamsEnv} from "./administrator.js";
import {AggregatorEnv} from "./aggregator.js";
import {DemoEnv} from "./demo.js";
import {GatewayEnv} from "./gateway.js";
import {KeysCheckEnv} from "./keyShares.js";
import {OperatorEnv} from "./operator.js";
import {RelayerEnv} from "./relayer.js";
import {SidecarEnv} from "./sidecar.js";

const envs: readonly TObject[] = [
  ...[RelayerEnv, SidecarEnv, AggregatorEnv, GatewayEnv, OperatorEnv],
  ...[StreamsEnv, NatsConfigEnv, ClustersShowEnv, DeadLettersRetryEnv, KeysCheckEnv, DemoEnv],
];

/** The name of every variable that a command reads. */
export const knownNames: ReadonlySet<string> = new Set(
  envs.flatMap(({properties}) =>
    Object.entries(properties).flatMap(([name, {secret}]: [string, {secret?: boolean}]) =>
      secret === true ? [name, `${name}_FILE`] : [name],
    ),
  ),
);
