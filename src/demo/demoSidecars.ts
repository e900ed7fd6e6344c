import {join} from "node:path";
import type {DemoCluster} from "./demoCluster.js";

/** A sidecar of the demo's clusters. */
export type DemoSidecar = {
  /** Its name as a participant. */
  readonly name: string;
  readonly clusterId: string;
  readonly shareIndex: number;
  /** Whether the demo runs it; the user runs the others. */
  readonly isOurs: boolean;
  /** Its own variables, beside those of every command. */
  readonly env: Readonly<Record<string, string>>;
};

type SidecarFiles = {folder: string; seedFile(participant: string): string; exits: number};

/** A sidecar for each share index of these clusters. */
export const toDemoSidecars = (clusters: readonly DemoCluster[], {folder, seedFile, exits}: SidecarFiles): DemoSidecar[] =>
  clusters.flatMap(({id, shareIndexes, ours, sidecarEnv}) =>
    shareIndexes.map((shareIndex) => {
      const name = `sidecar-${id}-${shareIndex}`;
      const env = {
        ...sidecarEnv(shareIndex),
        CLUSTER_ID: id,
        SIDECAR_STATE_FILE: join(folder, `${name}.jsonl`),
        // Users have the default; a demo that asks for more exits at once would wait an hour for the rest.
        ...(exits > 1000 && {EXITS_PER_HOUR: String(exits)}),
        NATS_SEED_FILE: seedFile(name),
      };
      return {name, clusterId: id, shareIndex, isOurs: ours.includes(shareIndex), env};
    }),
  );
