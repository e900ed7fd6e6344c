import {type ExitRequest, exitRequest} from "../../schemas/exitRequest.js";
import type {OrderEntry} from "../../schemas/order.js";
import {DvtError} from "../errors.js";
import {exitKeyOf} from "../exits/exitId.js";
import type {Delivery, EntryOutcome} from "../messaging/consume.js";
import {decode} from "../messaging/decode.js";
import {checkOrder} from "../policy/checkOrder.js";
import {endsWithin} from "../runtime/endsWithin.js";
import {answerEntry, type EntryAnswer, publishAnswers} from "./answerEntry.js";
import type {Sidecar} from "./sidecar.js";

/** Answers wait for the others of their request until none has come for two of these: a signer may be slow with one exit. */
const stallMs = 25;

/**
 * Handles one exit request of its cluster: signs the exits that an operator ordered, and their deposits, as far as it has key shares
 * of the validators and its policies allow it, and publishes shares and refusals. Returns the outcome of each exit that is shown.
 */
export async function handleExitRequest(sidecar: Sidecar, {subject, data, settled}: Delivery): Promise<EntryOutcome[]> {
  const request = decode(exitRequest, subject, data);
  expectOwn(sidecar, request);
  const {bus, network, clusterId, keyShares, orderLifetimeMs: lifetimeMs} = sidecar;
  const shown = {network: network.name, clusterId, orderId: request.order_id, order: request.order};
  const keyOf = ({public_key: publicKey, validator_index: validatorIndex}: OrderEntry): string =>
    exitKeyOf({network, publicKey, validatorIndex});
  const entries = await checkOrder(bus.participants(), shown, {lifetimeMs, now: sidecar.now()});
  // A key share may have been added a moment ago.
  const isMissing = ({public_key}: OrderEntry, position: number): boolean =>
    !settled?.has(position) && !keyShares.publicKeys.has(public_key);
  if (entries.some(isMissing)) await sidecar.reload?.();
  const missing = entries.filter(isMissing).map(keyOf);
  const about = {order: request.order_id, cluster_id: clusterId, share_index: keyShares.shareIndex};
  if (missing.length > 0) sidecar.logger.warn({...about, exits: missing}, "this sidecar has no key share of these validators");

  const ready: EntryAnswer[] = [];
  const answer = async (entry: OrderEntry, position: number): Promise<EntryOutcome> => {
    const exit = keyOf(entry);
    if (settled?.has(position)) return {exit, outcome: "settled"};
    if (!keyShares.publicKeys.has(entry.public_key)) return {exit, outcome: "not held"};
    try {
      const answered = await answerEntry(sidecar, entry, request.order.requested_at);
      ready.push(answered);
      return {exit, outcome: "signature" in answered.exit ? "signed" : "refused"};
    } catch (error) {
      return {exit, outcome: error as Error};
    }
  };
  const outcomes = Promise.all(entries.map(answer));
  const publishing: Promise<void>[] = [];
  for (let isOver = false, stalls = 0; !isOver; ) {
    const before = ready.length;
    isOver = await endsWithin(stallMs, outcomes);
    stalls = ready.length > before ? 0 : stalls + 1;
    if (ready.length === 0 || (!isOver && stalls < 2)) continue;
    const published = publishAnswers(sidecar, request.order_id, ready.splice(0));
    // Awaited with the others; it may fail before that.
    published.catch(() => {});
    publishing.push(published);
  }
  await Promise.all(publishing);
  return outcomes;
}

/** [TERMINATE] A sidecar signs only exits of its own network and cluster, at the one epoch that all exits have. */
function expectOwn({network, clusterId}: Sidecar, request: ExitRequest): void {
  const {network: itsNetwork, cluster_id: itsCluster, epoch} = request;
  if (itsNetwork !== network.name || itsCluster !== clusterId)
    throw new DvtError("CLUSTER_UNKNOWN", `sign an exit: ${itsNetwork} ${itsCluster} is not ${network.name} ${clusterId}`);
  if (epoch !== network.capellaForkEpoch)
    throw new DvtError("EXIT_EPOCH_WRONG", `sign an exit: epoch ${epoch} is not ${network.capellaForkEpoch}`);
}
