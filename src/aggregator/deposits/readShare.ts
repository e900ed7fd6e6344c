import {depositShare} from "../../../schemas/depositShare.js";
import {type DepositId, depositKeyOf} from "../../exits/depositId.js";
import type {Delivery} from "../../messaging/consume.js";
import {decode} from "../../messaging/decode.js";
import {fromHex} from "../../runtime/hex.js";
import type {Aggregator} from "../aggregator.js";
import {toShare} from "../shares/findSigner.js";
import type {SignatureShare} from "../shares/shareGroup.js";

/** [TERMINATE] Reads a deposit's share: from a known sidecar, on that sidecar's subject. */
export function readShare(aggregator: Aggregator, {subject, data}: Delivery): SignatureShare<DepositId> {
  const fields = decode(depositShare, subject, data);
  const id = {network: aggregator.network, publicKey: fields.public_key, deposit: fields.deposit};
  return toShare(aggregator, fields, {id, key: depositKeyOf(id), bytes: fromHex(fields.signature)});
}
