import {type TSchema, Type} from "typebox";
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
import {maxOrderSize} from "./order.js";

/** The first fields of what a cluster's sidecars receive. */
export const clusterHead = {network: Network, cluster_id: Id};

/** The first fields of what one sidecar publishes. */
export const sidecarHead = {...clusterHead, share_index: ShareIndex};

/** As many as one message carries. */
export const many = <S extends TSchema>(schema: S) => Type.Array(schema, {minItems: 1, maxItems: maxOrderSize});

/** The fields that name an exit of the message's network. */
export const exitPart = {public_key: BlsPubkey, validator_index: ValidatorIndex};

/** The fields that name a deposit of the message's network. */
export const depositPart = {public_key: BlsPubkey, deposit: Deposit};

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
