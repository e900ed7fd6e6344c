import {Deposit} from "./deposit.js";
import {
  BlsPubkey,
  Id,
  Network,
  RejectionCode,
  Sentence,
  ShareIndex,
  ShortSentence,
  TimestampMs,
  ValidatorIndex,
} from "./fields.js";

/** The first fields of what a cluster's sidecars receive or publish: which cluster, and which of its validators. */
export const clusterHead = {network: Network, cluster_id: Id, public_key: BlsPubkey};

/** The first fields of what one sidecar publishes about an exit. */
export const exitShareHead = {...clusterHead, validator_index: ValidatorIndex, share_index: ShareIndex};

/** The first fields of what one sidecar publishes about a deposit. */
export const depositShareHead = {...clusterHead, share_index: ShareIndex, deposit: Deposit};

/** The first fields of what an operator publishes or receives. */
export const operatorHead = {network: Network, operator_id: Id};

/** The first fields of what an operator receives about an exit. */
export const exitAnswerHead = {...operatorHead, public_key: BlsPubkey, validator_index: ValidatorIndex};

/** The first fields of what an operator receives about a deposit. */
export const depositAnswerHead = {...operatorHead, public_key: BlsPubkey, deposit: Deposit};

/** The last fields of a sidecar's refusal: which request it answers, and why. */
export const refusalTail = {requested_at: TimestampMs, code: RejectionCode, reason: ShortSentence};

/** The last fields of a rejected exit or deposit: which request is rejected, and why. */
export const rejectionTail = {requested_at: TimestampMs, code: RejectionCode, reason: Sentence};
