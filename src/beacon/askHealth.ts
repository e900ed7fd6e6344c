import {checkSynced, NotSyncedError} from "./checkSynced.js";
import type {Beacon} from "./connectBeacon.js";

/** Whether a beacon node can be used: with `syncing` it answers, but not for its head yet. */
export type BeaconHealth = "ok" | "unavailable" | "syncing";

/** The health of the nodes together: that of the best one; unless it is ok, why not, with each node by its host only. Never rejects. */
export async function askHealth(beacon: Pick<Beacon, "run">): Promise<{health: BeaconHealth; problem?: string}> {
  let isSyncing = false;
  try {
    await beacon.run((node) =>
      checkSynced(node).catch((error) => {
        isSyncing ||= error instanceof NotSyncedError;
        throw error;
      }),
    );
    return {health: "ok"};
  } catch (error) {
    return {health: isSyncing ? "syncing" : "unavailable", problem: (error as Error).message};
  }
}
