import {DvtError} from "../../errors.js";
import {type RejectionCode, rejections} from "../../exits/rejections.js";
import type {ExitEvent} from "../../runtime/logTogether.js";
import type {HeldShares, StoredRefusal} from "../../store/heldShares.js";
import type {Aggregator} from "../aggregator.js";
import {aboutGroup} from "./aboutGroup.js";
import type {RequestOf, ValidatorId} from "./currentRequest.js";
import {findSigner, type SignerFields} from "./findSigner.js";

/** The fields that refusals of exits and of deposits have in common; `at`: when its message came. */
export type Refusal = SignerFields & Required<StoredRefusal>;

/** The steps of a refusal that differ between exits and deposits. */
export type RefusalSteps<Id> = {
  readonly what: "exit" | "deposit";
  readonly id: Id;
  readonly key: string;
  readonly rejectionCode: RejectionCode;
  readonly requestOf: RequestOf<Id>;
  /** Stores the refusal unless the sidecar has signed. Returns what is stored then; undefined once the result is. */
  store(refused: {clusterId: string; shareIndex: number; refusal: StoredRefusal}): Promise<HeldShares | undefined>;
  publishRejection(operatorId: string, requestedAt: number, reason: string): Promise<void>;
  /** Publishes the result if there is one. */
  publishResult(): Promise<void>;
};

/** What is logged of the refusals of a message. */
export type RefusalEvents = {
  readonly held: (ExitEvent & {
    order: string | undefined;
    cluster_id: string;
    share_index: number;
    code: string;
    reason: string;
  })[];
  readonly rejected: (ExitEvent & {order: string | undefined; cluster_id: string; code: RejectionCode; reason: string})[];
};

/** Takes one refusal; rejects the exit or the deposit once those who have not refused are fewer than the threshold. */
export async function takeRefusal<Id extends ValidatorId>(
  aggregator: Aggregator,
  refusal: Refusal,
  steps: RefusalSteps<Id>,
  events: RefusalEvents,
): Promise<string> {
  const {id, key} = steps;
  const {cluster, validator} = findSigner(aggregator, refusal);
  const head = await aggregator.requests.find(id);
  // [TERMINATE] As with a share: an honest sidecar answers a request that was recorded.
  if (!head) throw new DvtError("EXIT_UNKNOWN", `take a refusal: nobody asked for ${key}`);
  const {code, reason, requested_at, at, share_index: shareIndex} = refusal;
  const request = steps.requestOf(id, head);
  if (!request || request.isExpired || request.requestedAt !== requested_at) return "stale";

  const held = await steps.store({clusterId: cluster.id, shareIndex, refusal: {code, reason, requested_at, at}});
  if (!held) return "late";
  if (held.shares.has(shareIndex)) return "signed before";
  const about = aboutGroup({clusterId: cluster.id, requesters: request.requesters});
  events.held.push({...about, share_index: shareIndex, code, reason, exit: key});
  const standing = [...held.refusals].filter(([, it]) => it.requested_at === request.requestedAt);
  // Two refusals that come together may each see both: publishing the rejection twice changes nothing.
  if (standing.length <= validator.publicKeyShares.size - cluster.threshold) return "refusal held";

  const rejection = describeRefusals(rejections[steps.rejectionCode], standing);
  for (const [operatorId, {requestedAt}] of request.requesters) await steps.publishRejection(operatorId, requestedAt, rejection);
  events.rejected.push({...about, code: steps.rejectionCode, reason: rejection, exit: key});
  // A share may have completed it meanwhile. The stream keeps only the last message, which has to be the result.
  await steps.publishResult();
  return "rejected";
}

/** The rejection's sentence, with the code of each refusal. */
function describeRefusals(sentence: string, standing: readonly [number, StoredRefusal][]): string {
  const named = standing.toSorted(([a], [b]) => a - b).map(([shareIndex, {code}]) => `share ${shareIndex} ${code}`);
  return `${sentence}: ${named.join(", ")}`;
}
