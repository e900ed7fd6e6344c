import {depositCompletion} from "../../schemas/depositCompletion.js";
import {depositRefusal} from "../../schemas/depositRefusal.js";
import {DvtError} from "../errors.js";
import {toDepositRejection} from "../exits/depositCompletion.js";
import {type DepositId, depositKeyOf, isSameDeposit} from "../exits/depositId.js";
import {rejections} from "../exits/rejections.js";
import type {Delivery} from "../messaging/consume.js";
import {decode} from "../messaging/decode.js";
import {publish} from "../messaging/publish.js";
import type {Askers} from "../store/askedDeposit.js";
import type {StoredRefusal} from "../store/heldShares.js";
import type {Aggregator} from "./aggregator.js";
import {describeRefusals} from "./describeRefusals.js";
import {findSigner} from "./findSigner.js";
import {publishDeposits} from "./publishDeposits.js";

/** Takes one refusal of a deposit; rejects it once those who have not refused are fewer than the threshold. The exit goes on. */
export async function handleDepositRefusal(aggregator: Aggregator, {subject, data}: Delivery): Promise<string> {
  const said = decode(depositRefusal, subject, data);
  const {network, deposits, requests, logger} = aggregator;
  const {cluster, validator} = findSigner(aggregator, said);
  const id = {network, publicKey: said.public_key, deposit: said.deposit};
  const key = depositKeyOf(id);

  const head = await requests.find(id);
  // [TERMINATE] As of a share: an honest sidecar answers what was recorded.
  if (!head) throw new DvtError("EXIT_UNKNOWN", `take a refusal: nobody asked for ${key}`);
  const {code, reason, requested_at, share_index: shareIndex} = said;
  const asked = head.deposit && isSameDeposit(head.deposit.deposit, id.deposit) ? head.deposit : undefined;
  if (!asked || asked.isExpired || head.requestedAt !== requested_at || head.state === "expired") return "stale";

  await keep(aggregator, {id, clusterId: cluster.id, shareIndex, refusal: {code, reason, requested_at}});
  const held = (await deposits.findAll([id])).get(key);
  if (held instanceof DvtError) throw held;
  if (!held || held.signature) return "late";
  if (held.shares.has(shareIndex)) return "signed before";
  logger.info({deposit: key, share_index: shareIndex, code, reason}, "sidecar refuses the deposit");
  const standing = [...held.refusals].filter(([, refusal]) => refusal.requested_at === head.requestedAt);
  // Two that come together may both see both: saying it twice changes nothing.
  if (standing.length <= validator.publicKeyShares.size - cluster.threshold) return "refusal held";
  await reject(aggregator, id, asked.askers, standing);
  return "rejected";
}

type Refused = {id: DepositId; clusterId: string; shareIndex: number; refusal: StoredRefusal};

/** Another sidecar's may have made the document at the same time: then there is a place for ours in it. */
async function keep({deposits, clock}: Aggregator, refused: Refused): Promise<void> {
  const notWritten = await deposits.write([refused], clock.now());
  if (notWritten.size > 0) await deposits.write([refused], clock.now());
}

async function reject(
  aggregator: Aggregator,
  id: DepositId,
  askers: Askers,
  standing: readonly [number, StoredRefusal][],
): Promise<void> {
  const {bus, deposits, logger} = aggregator;
  const reason = describeRefusals(rejections.DEPOSIT_REFUSED, standing);
  for (const [operatorId, requestedAt] of askers) {
    await publish(bus, depositCompletion, toDepositRejection(id, operatorId, requestedAt, "DEPOSIT_REFUSED", reason));
  }
  logger.warn({deposit: depositKeyOf(id), reason}, "deposit rejected");
  // A share may have completed it meanwhile, and the stream keeps what was said last: that is the signature.
  const signature = (await deposits.findSignatures([id])).get(depositKeyOf(id));
  if (signature) await publishDeposits(aggregator, [{...id, signature}]);
}
