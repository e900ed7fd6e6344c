import {Type} from "typebox";
import {Compile} from "typebox/schema";
import {DvtError} from "../errors.js";
import type {BeaconNode} from "./node.js";

// https://github.com/ethereum/beacon-APIs/blob/v3.1.0/apis/node/syncing.yaml
const SyncingAnswer = Compile(
  Type.Object({
    data: Type.Object({
      is_syncing: Type.Boolean(),
      is_optimistic: Type.Optional(Type.Boolean()),
      el_offline: Type.Optional(Type.Boolean()),
      sync_distance: Type.Optional(Type.String({pattern: "^[0-9]{1,20}$"})),
    }),
  }),
);

/** The node answers, and is not good for use yet. */
export class NotSyncedError extends DvtError {
  constructor({host}: BeaconNode, reason: string) {
    super("CONSENSUS_UNAVAILABLE", `ask beacon node ${host}: ${reason}`);
  }
}

/** Nodes use their own limits for calling themselves synced, from 50 slots to none. */
const mostSlotsBehind = 32;

/**
 * CONSENSUS_UNAVAILABLE from a node that is behind, or has not verified its head: it would report the latest validators as
 * missing, just like a node that is synced. Returns how many slots its head is behind, at most 32.
 */
export async function checkSynced(node: BeaconNode): Promise<number> {
  const answer = await node.ask({path: "node/syncing", answer: SyncingAnswer});
  if (!answer) throw new NotSyncedError(node, "it does not report whether it is synced");
  const {is_syncing, is_optimistic, el_offline, sync_distance = "0"} = answer.data;
  if (is_syncing) throw new NotSyncedError(node, `it is syncing, ${sync_distance} slots behind`);
  if (Number(sync_distance) > mostSlotsBehind) throw new NotSyncedError(node, `it is ${sync_distance} slots behind`);
  if (is_optimistic) throw notVerified(node);
  if (el_offline) throw new NotSyncedError(node, "its execution node is unavailable");
  return Number(sync_distance);
}

/** Checks one response likewise, because the head may have moved since. */
export function assertVerified(node: BeaconNode, {execution_optimistic}: {execution_optimistic?: boolean}): void {
  if (execution_optimistic) throw notVerified(node);
}

const notVerified = (node: BeaconNode) => new NotSyncedError(node, "its execution node has not verified its head yet");
