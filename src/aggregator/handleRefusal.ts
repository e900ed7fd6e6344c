import {exitCompletion} from "../../schemas/exitCompletion.js";
import {exitRefusal} from "../../schemas/exitRefusal.js";
import {DvtError} from "../errors.js";
import {type ExitId, exitKeyOf} from "../exits/exitId.js";
import {rejections, toRejection} from "../exits/rejections.js";
import type {Delivery} from "../messaging/consume.js";
import {decode} from "../messaging/decode.js";
import {publish} from "../messaging/publish.js";
import type {StoredRefusal} from "../store/heldShares.js";
import type {Head} from "../store/requestDocument.js";
import {type Aggregator, type AggregatorForSet, forCurrentSet} from "./aggregator.js";
import {describeRefusals} from "./describeRefusals.js";
import {findSigner} from "./findSigner.js";
import {publishResults} from "./publishResults.js";

/** Takes one refusal from EXIT_SHARES; rejects the exit once those who have not refused are fewer than the threshold. */
export const handleRefusal = (aggregator: Aggregator, delivery: Delivery): Promise<string> =>
  handleForSet(forCurrentSet(aggregator), delivery);

async function handleForSet(aggregator: AggregatorForSet, {subject, data}: Delivery): Promise<string> {
  const said = decode(exitRefusal, subject, data);
  const {network, exits, oracleSet, requests, logger} = aggregator;
  const {cluster, validator} = findSigner(aggregator, said);
  const exit = {network, publicKey: said.public_key, validatorIndex: said.validator_index};

  const head = await requests.find(exit);
  // [TERMINATE] As of a share: an honest sidecar answers what was recorded.
  if (!head) throw new DvtError("EXIT_UNKNOWN", `take a refusal: nobody asked for ${exitKeyOf(exit)}`);
  const {code, reason, requested_at} = said;
  const answersHead = head.validatorIndex === exit.validatorIndex && head.requestedAt === requested_at;
  if (!answersHead || head.state === "expired") return "stale";

  const from = {exit, clusterId: cluster.id, shareIndex: said.share_index};
  const {shares, refusals, result} = await exits.addRefusal(
    {...from, refusal: {code, reason, requested_at}},
    oracleSet.configHash,
  );
  if (result) return "late";
  if (shares.has(said.share_index)) return "signed before";
  logger.info({exit: exitKeyOf(exit), share_index: said.share_index, code, reason}, "sidecar refuses the exit");
  const standing = [...refusals].filter(([, refusal]) => refusal.requested_at === head.requestedAt);
  // Two that come together may both see both: saying it twice changes nothing.
  if (standing.length <= validator.publicKeyShares.size - cluster.threshold) return "refusal held";
  await reject(aggregator, exit, head, standing);
  return "rejected";
}

async function reject(
  aggregator: AggregatorForSet,
  exit: ExitId,
  {askers}: Head,
  standing: readonly [number, StoredRefusal][],
): Promise<void> {
  const {bus, exits, oracleSet, logger} = aggregator;
  const reason = describeRefusals(rejections.EXIT_REFUSED, standing);
  for (const [operatorId, requestedAt] of askers) {
    await publish(bus, exitCompletion, toRejection(exit, operatorId, requestedAt, "EXIT_REFUSED", reason));
  }
  logger.warn({exit: exitKeyOf(exit), reason}, "exit rejected");
  // A share may have completed it meanwhile, and the stream keeps what was said last: that is the result.
  const completed = (await exits.find(exit, oracleSet.configHash))?.result;
  if (completed) await publishResults(aggregator, [{exit, result: completed}], oracleSet.configHash);
}
