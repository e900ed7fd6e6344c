import {exitShare} from "../../../schemas/exitShare.js";
import {DvtError} from "../../errors.js";
import {type ExitId, exitKeyOf} from "../../exits/exitId.js";
import type {Delivery, EntryOutcome} from "../../messaging/consume.js";
import {decode} from "../../messaging/decode.js";
import {fromHex} from "../../runtime/hex.js";
import type {Aggregator} from "../aggregator.js";
import {toShare} from "../shares/findSigner.js";
import type {TakeShare} from "../shares/shareGroup.js";
import {takeEach} from "../shares/takeEach.js";
import {openWithAny} from "./openWithAny.js";

const shareBytes = 96;
/** The exit had its result already. */
const lateOutcomes: readonly string[] = ["late", "published again"];

/**
 * [TERMINATE] Reads a sidecar's message of exits' shares, which arrived on that sidecar's subject, and takes each of them. The
 * unencrypted shares are overwritten once all have their outcome.
 */
export async function handleShares(aggregator: Aggregator, delivery: Delivery, take: TakeShare<ExitId>): Promise<EntryOutcome[]> {
  const {exits, encrypted_signatures, ...sidecar} = decode(exitShare, delivery.subject, delivery.data);
  const signatures = openShares(aggregator, fromHex(encrypted_signatures), exits.length);
  const {timestampMs: cameAt} = delivery;
  const entries = exits.map(({public_key, validator_index}, position) => {
    const id = {network: aggregator.network, publicKey: public_key, validatorIndex: validator_index};
    const key = exitKeyOf(id);
    const bytes = signatures.subarray(shareBytes * position, shareBytes * (position + 1));
    const takeOne = async (): Promise<string> => {
      const share = toShare(aggregator, {...sidecar, public_key}, {id, key, bytes, cameAt});
      const outcome = await take(share);
      const {clusterId, shareIndex} = share;
      if (lateOutcomes.includes(outcome)) aggregator.lateShares.add({clusterId, exitKey: key, shareIndex, cameAt});
      return outcome;
    };
    return {exit: key, take: takeOne};
  });
  try {
    return await takeEach(entries, delivery.settled);
  } finally {
    signatures.fill(0);
  }
}

/** [TERMINATE] Opens the shares of a message: they are encrypted to this aggregator, and as many as the message has exits. */
function openShares({privateKeys}: Pick<Aggregator, "privateKeys">, ciphertext: Uint8Array, count: number): Uint8Array {
  const problem = (what: string) => new DvtError("SHARE_UNDECRYPTABLE", `take a message of shares: it ${what}`);
  let signatures: Uint8Array;
  try {
    signatures = openWithAny(privateKeys, ciphertext);
  } catch {
    throw problem("is not encrypted to this aggregator");
  }
  if (signatures.length === shareBytes * count) return signatures;
  signatures.fill(0);
  throw problem(`holds ${signatures.length} bytes for ${count} shares`);
}
