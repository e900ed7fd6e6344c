import type {Static, TSchema} from "typebox";
import type {StoredMessage} from "../../schemas/defineMessage.js";
import {depositRefusal} from "../../schemas/depositRefusal.js";
import {depositShare} from "../../schemas/depositShare.js";
import {exitRefusal} from "../../schemas/exitRefusal.js";
import {exitShare} from "../../schemas/exitShare.js";
import {maxOrderSize} from "../../schemas/order.js";
import type {DepositId} from "../exits/depositId.js";
import type {ExitId} from "../exits/exitId.js";
import type {SidecarId} from "../exits/sidecarId.js";
import {type SignedDeposit, toDepositShare} from "../exits/toDepositShare.js";
import {type SignedExit, toExitShare} from "../exits/toExitShare.js";
import type {Bus} from "../messaging/connect.js";
import {publish} from "../messaging/publish.js";
import type {Tally} from "../presence/createTally.js";
import {createBatches} from "../runtime/batches.js";

/** Why a request is not signed. `requestedAt`: that of the order that it answers. */
type Refused = {readonly requestedAt: number; readonly code: string; readonly reason: string};
/** A refusal of an exit. */
export type RefusedExit = Refused & {readonly exit: ExitId};
/** A refusal of a deposit. */
export type RefusedDeposit = Refused & {readonly id: DepositId};

/** Publishes what a sidecar answers. Each resolves once the stream has stored all of it; answers that meet travel together. */
export type Answers = {
  exitShares(signed: readonly SignedExit[]): Promise<void>;
  exitRefusals(refused: readonly RefusedExit[]): Promise<void>;
  depositShares(signed: readonly SignedDeposit[]): Promise<void>;
  depositRefusals(refused: readonly RefusedDeposit[]): Promise<void>;
};

type Options = {
  readonly sidecar: SidecarId;
  /** 64 bytes, the current one. */
  readonly aggregatorKey: () => Uint8Array;
  readonly counts?: Pick<Tally, "signed" | "refused"> | undefined;
};

/** The answers of one sidecar, on its own connection; what was published is counted. */
export function createAnswers(bus: Bus, {sidecar, aggregatorKey, counts}: Options): Answers {
  const refused = (answers: readonly Refused[]): void => {
    for (const {code} of answers) counts?.refused(code);
  };
  const head = {network: sidecar.network.name, cluster_id: sidecar.clusterId, share_index: sidecar.shareIndex};
  return {
    exitShares: packed(
      bus,
      exitShare,
      (signed: readonly SignedExit[]) => toExitShare(sidecar, signed, aggregatorKey()),
      ({length}) => counts?.signed(length),
    ),
    exitRefusals: packed(
      bus,
      exitRefusal,
      (refused: readonly RefusedExit[]) => ({
        ...head,
        refusals: refused.map(({exit, ...why}) => ({
          public_key: exit.publicKey,
          validator_index: exit.validatorIndex,
          ...toTail(why),
        })),
      }),
      refused,
    ),
    depositShares: packed(bus, depositShare, (signed: readonly SignedDeposit[]) => toDepositShare(sidecar, signed)),
    depositRefusals: packed(
      bus,
      depositRefusal,
      (refused: readonly RefusedDeposit[]) => ({
        ...head,
        refusals: refused.map(({id, ...why}) => ({public_key: id.publicKey, deposit: id.deposit, ...toTail(why)})),
      }),
      refused,
    ),
  };
}

const toTail = ({requestedAt, code, reason}: Refused) => ({requested_at: requestedAt, code, reason});

/** Publishes lists of entries, in messages as full as those that wait allow. */
function packed<T, S extends TSchema>(
  bus: Bus,
  message: StoredMessage<S>,
  toMessage: (entries: readonly T[]) => Static<S>,
  published: (entries: readonly T[]) => void = () => {},
): (entries: readonly T[]) => Promise<void> {
  const add = createBatches(async (lists: readonly (readonly T[])[]) => {
    const entries = lists.flat();
    const publishing: Promise<void>[] = [];
    for (let start = 0; start < entries.length; start += maxOrderSize)
      publishing.push(publish(bus, message, toMessage(entries.slice(start, start + maxOrderSize))));
    await Promise.all(publishing);
    published(entries);
    return lists.map(() => undefined);
  });
  return async (entries) => (entries.length > 0 ? add(entries) : undefined);
}
