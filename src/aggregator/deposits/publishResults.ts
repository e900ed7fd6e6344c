import {depositCompletion} from "../../../schemas/depositCompletion.js";
import {toDepositCompletion} from "../../exits/depositCompletion.js";
import {publish} from "../../messaging/publish.js";
import type {SignedDeposit} from "../../store/deposits.js";
import type {Aggregator} from "../aggregator.js";
import {findRequesters} from "../shares/currentRequest.js";
import {requestOf} from "./requestOf.js";

/**
 * Publishes each signature to everybody who asked for it, then records that it was published. The operators are read after the
 * signatures were written, and the relayer reads the signatures after it wrote an operator, so nobody is missed.
 */
export async function publishResults(aggregator: Aggregator, signed: readonly SignedDeposit[]): Promise<void> {
  if (signed.length === 0) return;
  const {bus, deposits} = aggregator;
  const requestersOf = await findRequesters(aggregator, signed, requestOf);
  await Promise.all(
    signed.flatMap((it) =>
      requestersOf(it).map((operatorId) => publish(bus, depositCompletion, toDepositCompletion(it, operatorId, it.signature))),
    ),
  );
  await deposits.markPublished(signed);
}
