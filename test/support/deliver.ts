import {type DepositShare, depositShare} from "../../schemas/depositShare.js";
import {type ExitShare, exitShare} from "../../schemas/exitShare.js";
import {readShare as readDepositShare} from "../../src/aggregator/deposits/readShare.js";
import {takeShares as takeDepositShares} from "../../src/aggregator/deposits/takeShares.js";
import {readShare as readExitShare} from "../../src/aggregator/exits/readShare.js";
import {takeShares as takeExitShares} from "../../src/aggregator/exits/takeShares.js";
import type {Delivery} from "../../src/messaging/consume.js";
import type {Stage} from "./stage.js";

export const toDelivery = (share: ExitShare, subject = exitShare.subject(share)): Delivery => ({
  subject,
  data: new TextEncoder().encode(JSON.stringify(share)),
  timestampMs: Date.now(),
});

/** The outcome of a share that comes alone. */
export const deliver = async (stage: Stage, share: ExitShare, subject?: string): Promise<string> =>
  (await deliverAll(stage, [toDelivery(share, subject)]))[0] as Promise<string>;

/** The outcomes of shares that come together, in their order. */
export const deliverAll = async ({aggregator}: Stage, deliveries: readonly Delivery[]): Promise<Promise<string>[]> =>
  takeExitShares(
    aggregator,
    deliveries.map((delivery) => readExitShare(aggregator, delivery)),
  );

/** The outcomes of deposits' shares that come together, in their order. */
export const deliverDeposits = async (
  {aggregator}: Pick<Stage, "aggregator">,
  ...shares: DepositShare[]
): Promise<Promise<string>[]> =>
  takeDepositShares(
    aggregator,
    shares.map((share) =>
      readDepositShare(aggregator, {
        subject: depositShare.subject(share),
        data: new TextEncoder().encode(JSON.stringify(share)),
        timestampMs: Date.now(),
      }),
    ),
  );

/** The outcome of a deposit's share that comes alone. */
export const deliverDeposit = async (stage: Pick<Stage, "aggregator">, share: DepositShare): Promise<string> =>
  (await deliverDeposits(stage, share))[0] as Promise<string>;
