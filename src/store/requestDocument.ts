import type {Deposit} from "../../schemas/deposit.js";
import {type ExitId, validatorKeyOf} from "../exits/exitId.js";
import {type AskedDeposit, type AskedDocument, toAsked, toAskedDocument} from "./askedDeposit.js";

/**
 * open: asked for, no result known, or no signature of its deposit. answered: both were seen. expired: no result came within
 * EXIT_LIFETIME.
 */
export type RequestState = "open" | "answered" | "expired";

/** The one current exit of a validator key and who asked for it. Written by the relayer only. */
export type RequestDocument = {
  /** network:public_key */
  _id: string;
  network: string;
  public_key: string;
  cluster_id: string;
  validator_index: number;
  requested_at: number;
  operators: string[];
  state: RequestState;
  opened_at: number;
  /** When to issue it again if it is still open, and how often that was done. */
  due_at: number;
  issues: number;
  /** To be signed with this exit. */
  deposit?: AskedDocument;
  /** oracles_config_hash of the result that answered it; none where that was before there was this field. */
  answered_for?: string;
  /** The network has the validator: its exit stays answered for the set that it was answered for. */
  registered?: true;
};

export type Ask = {exit: ExitId; clusterId: string; operatorId: string; requestedAt: number; deposit?: Deposit | undefined};

export type Head = {
  validatorIndex: number;
  requestedAt: number;
  operatorIds: readonly string[];
  state: RequestState;
  clusterId: string;
  publicKey: string;
  openedAt: number;
  dueAt: number;
  issues: number;
  deposit: AskedDeposit | undefined;
  /** Of the result that answered it, where that is known. */
  answeredFor: string | undefined;
};

export const toHead = (document: RequestDocument): Head => ({
  validatorIndex: document.validator_index,
  requestedAt: document.requested_at,
  operatorIds: document.operators,
  state: document.state,
  clusterId: document.cluster_id,
  publicKey: document.public_key,
  openedAt: document.opened_at,
  dueAt: document.due_at,
  issues: document.issues,
  deposit: toAsked(document.deposit),
  answeredFor: document.answered_for,
});

/** Of an exit that nobody asked for before. */
export const toDocument = (ask: Ask, now: number, reissueAfterMs: number): RequestDocument => {
  const {exit, clusterId, operatorId, requestedAt} = ask;
  const deposit = toAskedDocument(ask);
  return {
    _id: validatorKeyOf(exit),
    network: exit.network.name,
    public_key: exit.publicKey,
    cluster_id: clusterId,
    validator_index: exit.validatorIndex,
    requested_at: requestedAt,
    operators: [operatorId],
    state: "open",
    opened_at: now,
    due_at: now + reissueAfterMs,
    issues: 1,
    ...(deposit && {deposit}),
  };
};
