import type {TObject} from "typebox";
import {ClustersShowEnv, DeadLettersRetryEnv, NatsConfigEnv, StreamsEnv} from "./administratorEnv.js";
import {AggregatorEnv} from "./aggregatorEnv.js";
import {DemoEnv} from "./demoEnv.js";
import {GatewayEnv} from "./gatewayEnv.js";
import {KeysCheckEnv} from "./keyShareEnv.js";
import {OperatorEnv} from "./operatorEnv.js";
import {RelayerEnv} from "./relayerEnv.js";
import {SidecarEnv} from "./sidecarEnv.js";

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
