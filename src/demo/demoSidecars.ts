import {join} from "node:path";
import type {DemoCluster} from "./demoCluster.js";

export type DemoSidecar = {
  /** Its name as a participant. */
  readonly name: string;
  readonly clusterId: string;
  readonly shareIndex: number;
  /** Whether the demo runs it; the others are the user's. */
  readonly isOurs: boolean;
  /** What it needs beside what every command is given. */
  readonly env: Readonly<Record<string, string>>;
};

type Home = {folder: string; seedFile(participant: string): string; exits: number};

export const toDemoSidecars = (clusters: readonly DemoCluster[], {folder, seedFile, exits}: Home): DemoSidecar[] =>
  clusters.flatMap(({id, shareIndexes, ours, sidecarEnv}) =>
    shareIndexes.map((shareIndex) => {
      const name = `sidecar-${id}-${shareIndex}`;
      const env = {
        ...sidecarEnv(shareIndex),
        CLUSTER_ID: id,
        SIDECAR_STATE_FILE: join(folder, `${name}.jsonl`),
        // As users have it, but where so many are asked for at once that those beyond it would wait for an hour.
        ...(exits > 1000 && {EXITS_PER_HOUR: String(exits)}),
        NATS_SEED_FILE: seedFile(name),
      };
      return {name, clusterId: id, shareIndex, isOurs: ours.includes(shareIndex), env};
    }),
  );
