import {exitShare} from "../../../schemas/exitShare.js";
import {type ExitId, exitKeyOf} from "../../exits/exitId.js";
import type {Delivery} from "../../messaging/consume.js";
import {decode} from "../../messaging/decode.js";
import {fromHex} from "../../runtime/hex.js";
import type {Aggregator} from "../aggregator.js";
import {toShare} from "../shares/findSigner.js";
import type {SignatureShare} from "../shares/shareGroup.js";

/** [TERMINATE] Reads an exit's share: from a known sidecar, on that sidecar's subject. */
export function readShare(aggregator: Aggregator, {subject, data}: Delivery): SignatureShare<ExitId> {
  const fields = decode(exitShare, subject, data);
  const id = {network: aggregator.network, publicKey: fields.public_key, validatorIndex: fields.validator_index};
  return toShare(aggregator, fields, {id, key: exitKeyOf(id), bytes: fromHex(fields.encrypted_signature)});
}
