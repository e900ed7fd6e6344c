import {Type} from "typebox";
import {Compile} from "typebox/compile";
import {type BeaconNode, unavailableAt} from "./node.js";

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

/** Nodes have limits of their own within which they call themselves synced: some of 50 slots, some of none. */
const mostSlotsBehind = 32;

/**
 * CONSENSUS_UNAVAILABLE from a node whose head is not the chain's, or is not verified: it knows nothing of the latest validators, and
 * says that they are not there as one would that knows.
 */
export async function checkSynced(node: BeaconNode): Promise<void> {
  const answer = await node.ask({path: "node/syncing", answer: SyncingAnswer});
  if (!answer) throw unavailableAt(node.host, "it does not say whether it is synced");
  const {is_syncing, is_optimistic, el_offline, sync_distance = "0"} = answer.data;
  if (is_syncing) throw unavailableAt(node.host, `it is syncing, ${sync_distance} slots behind`);
  if (Number(sync_distance) > mostSlotsBehind) throw unavailableAt(node.host, `it is ${sync_distance} slots behind`);
  if (is_optimistic) throw notVerified(node);
  if (el_offline) throw unavailableAt(node.host, "its execution node is away");
}

/** The same of one answer: the head may have moved on since. */
export function assertVerified(node: BeaconNode, {execution_optimistic}: {execution_optimistic?: boolean}): void {
  if (execution_optimistic) throw notVerified(node);
}

const notVerified = ({host}: BeaconNode) => unavailableAt(host, "its execution node has not verified its head yet");
