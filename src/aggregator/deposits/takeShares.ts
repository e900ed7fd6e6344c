import {type DepositId, depositRootOf} from "../../exits/depositId.js";
import {toHex} from "../../runtime/hex.js";
import type {Aggregator} from "../aggregator.js";
import type {OpenGroup, SignatureShare} from "../shares/shareGroup.js";
import {type ShareSteps, takeBatch} from "../shares/takeBatch.js";
import {lookUp} from "./lookUp.js";
import {writeVerified} from "./writeVerified.js";

/** Takes shares of deposits that came together, as shares/takeBatch.ts has it. Nothing of a deposit is secret. */
export const takeShares = (aggregator: Aggregator, shares: readonly SignatureShare<DepositId>[]): Promise<Promise<string>[]> =>
  takeBatch(() => toSteps(aggregator), shares);

const toSteps = (aggregator: Aggregator): ShareSteps<DepositId, OpenGroup<DepositId>, string> => ({
  what: "deposit",
  logger: aggregator.logger,
  rootOf: depositRootOf,
  lookUp: (groups) => lookUp(aggregator, groups),
  openStored: (stored, use) => use(stored),
  removeShare: (id, shareIndex, bytes) => aggregator.deposits.removeShare(id, shareIndex, bytes),
  toResult: (_, signature) => toHex(signature.toBytes()),
  write: (completed, incomplete) => writeVerified(aggregator, completed, incomplete),
});
