import type {ClusterEntry} from "../../participants/participants.js";
import type {Check} from "./check.js";
import type {Context} from "./context.js";
import {stateFileCheck} from "./files.js";

type Checkpoints = {
  readonly ORACLES_CONFIG_FILE?: string | undefined;
  readonly ORACLES_CHECKPOINT_FILE?: string | undefined;
  readonly SSV_CHECKPOINT_FILE?: string | undefined;
};

/** The files in which a role remembers what it read from the chain, as far as it reads anything from it. */
export function checkpointChecks(clusters: readonly ClusterEntry[], context: Context<Checkpoints>): Check[] {
  const {ORACLES_CONFIG_FILE: oracles, ORACLES_CHECKPOINT_FILE, SSV_CHECKPOINT_FILE} = context.config;
  const isOnChain = clusters.some(({definition}) => typeof definition !== "string");
  return [
    ...toCheckpoint("ORACLES_CHECKPOINT_FILE", oracles === undefined ? ORACLES_CHECKPOINT_FILE : undefined, context),
    ...toCheckpoint("SSV_CHECKPOINT_FILE", isOnChain ? SSV_CHECKPOINT_FILE : undefined, context),
  ];
}

const toCheckpoint = (variable: string, file: string | undefined, context: Context<Checkpoints>): Check[] =>
  file === undefined ? [] : [stateFileCheck(variable, file, context)];
