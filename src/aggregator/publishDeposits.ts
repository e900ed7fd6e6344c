import {depositCompletion} from "../../schemas/depositCompletion.js";
import {DvtError} from "../errors.js";
import {toDepositCompletion} from "../exits/depositCompletion.js";
import {isSameDeposit} from "../exits/depositId.js";
import {validatorKeyOf} from "../exits/exitId.js";
import {publish} from "../messaging/publish.js";
import type {SignedDeposit} from "../store/deposits.js";
import type {Aggregator} from "./aggregator.js";

/**
 * Says each to everybody who asked for it, then notes that it was said. The operators are read after the signatures were
 * written, and the relayer reads the signatures after it wrote an operator: nobody is missed.
 */
export async function publishDeposits({requests, deposits, bus}: Aggregator, signed: readonly SignedDeposit[]): Promise<void> {
  if (signed.length === 0) return;
  const heads = await requests.findAll(signed);
  await Promise.all(
    signed.flatMap((it) => {
      const head = heads.get(validatorKeyOf(it));
      const asked = head instanceof DvtError ? undefined : head?.deposit;
      const operatorIds = asked && isSameDeposit(asked.deposit, it.deposit) ? [...asked.askers.keys()] : [];
      return operatorIds.map((id) => publish(bus, depositCompletion, toDepositCompletion(it, id, it.signature)));
    }),
  );
  await deposits.markPublished(signed);
}
