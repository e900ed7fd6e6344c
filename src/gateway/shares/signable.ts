import {depositShare} from "../../../schemas/depositShare.js";
import {exitShare} from "../../../schemas/exitShare.js";
import {voluntaryExitSigningRoot} from "../../consensus/voluntaryExit.js";
import {depositKeyOf, depositRootOf} from "../../exits/depositId.js";
import {type DepositRules, whyNotDeposit} from "../../exits/depositRules.js";
import {exitKeyOf} from "../../exits/exitId.js";
import {toDepositShare} from "../../exits/toDepositShare.js";
import {toExitShare} from "../../exits/toExitShare.js";
import type {Bus} from "../../messaging/connect.js";
import {publish} from "../../messaging/publish.js";
import type {ExitProgress} from "../progress/readProgress.js";

/** A verified share: the connection of its sidecar, and the 96 bytes of the signature. */
export type GoodShare = {
  readonly bus: Bus;
  readonly clusterId: string;
  readonly shareIndex: number;
  readonly signature: Uint8Array;
};

/** What sidecars are asked to sign for a validator: its exit, or the deposit that goes with it. */
export type Signable = {
  readonly what: "exit" | "deposit";
  /** Tells it from every other. */
  readonly key: string;
  readonly isComplete: boolean;
  /** Share indexes that are held; none once it is complete. */
  readonly held: ReadonlySet<number>;
  /** The 32 bytes that are signed. */
  rootOf(): Uint8Array;
  /** Publishes a share of it as its sidecar. `aggregatorKey`, 64 bytes: a share of an exit is encrypted to it. */
  publish(share: GoodShare, aggregatorKey: Uint8Array): Promise<void>;
};

/** Undefined when nobody waits for the exit any more. */
export function exitToSign({exit, head, result, held}: ExitProgress): Signable | undefined {
  if (!result && head.state === "expired") return undefined;
  return {
    what: "exit",
    key: exitKeyOf(exit),
    isComplete: result !== undefined,
    held,
    rootOf: () => voluntaryExitSigningRoot(exit.network, exit.validatorIndex),
    publish: async ({bus, ...share}, aggregatorKey) => publish(bus, exitShare, toExitShare({...share, exit}, aggregatorKey)),
  };
}

/** Undefined when no deposit was asked for with the exit, nobody waits for it any more, or the rules do not allow it. */
export function depositToSign({head, deposit}: ExitProgress, rules: DepositRules): Signable | undefined {
  if (!deposit || whyNotDeposit(rules, deposit.id)) return undefined;
  const {id, isExpired, signature, held} = deposit;
  if (!signature && (isExpired || head.state === "expired")) return undefined;
  return {
    what: "deposit",
    key: depositKeyOf(id),
    isComplete: signature !== undefined,
    held,
    rootOf: () => depositRootOf(id),
    publish: async ({bus, ...share}) => publish(bus, depositShare, toDepositShare({...share, id})),
  };
}

/** Whether nothing more is needed from the share index: it gave a good share, or enough others did. */
export const isSettled = ({isComplete, held}: Signable, shareIndex: number): boolean => isComplete || held.has(shareIndex);
