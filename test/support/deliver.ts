import type {Message} from "../../schemas/defineMessage.js";
import {type DepositShare, depositShare} from "../../schemas/depositShare.js";
import {type ExitShare, exitShare} from "../../schemas/exitShare.js";
import {handleShares as handleDepositShares} from "../../src/aggregator/deposits/handleShares.js";
import {takeShares as takeDepositShares} from "../../src/aggregator/deposits/takeShares.js";
import {handleShares as handleExitShares} from "../../src/aggregator/exits/handleShares.js";
import {takeShares as takeExitShares} from "../../src/aggregator/exits/takeShares.js";
import type {SignatureShare, TakeShare} from "../../src/aggregator/shares/shareGroup.js";
import type {DepositId} from "../../src/exits/depositId.js";
import type {ExitId} from "../../src/exits/exitId.js";
import type {Delivery, EntryOutcome} from "../../src/messaging/consume.js";
import {yieldToEventLoop} from "../../src/runtime/yieldToEventLoop.js";
import type {Stage} from "./stage.js";

/** A message's payload as it is delivered. */
export const deliveryOf = (message: Message, payload: object, subject = message.subject(payload as never)): Delivery => ({
  subject,
  data: new TextEncoder().encode(JSON.stringify(payload)),
  timestampMs: Date.now(),
});

export const toDelivery = (share: ExitShare, subject?: string): Delivery => deliveryOf(exitShare as Message, share, subject);

/** The outcome of a message of one entry. */
export function onlyOutcome([only]: readonly EntryOutcome[]): string {
  if (!only) throw new Error("no outcome");
  if (only.outcome instanceof Error) throw only.outcome;
  return only.outcome;
}

/** The outcome of a share that comes alone. */
export const deliver = async (stage: Stage, share: ExitShare, subject?: string): Promise<string> =>
  (await deliverAll(stage, [toDelivery(share, subject)]))[0] as Promise<string>;

/** The outcomes of the shares of messages that come together, in their order. */
export const deliverAll = ({aggregator}: Stage, deliveries: readonly Delivery[]): Promise<Promise<string>[]> =>
  together<ExitId>(deliveries, {
    handle: (delivery, take) => handleExitShares(aggregator, delivery, take),
    takeAll: (shares) => takeExitShares(aggregator, shares),
  });

/** The outcomes of the shares of deposits' messages that come together, in their order. */
export const deliverDeposits = ({aggregator}: Pick<Stage, "aggregator">, ...shares: DepositShare[]): Promise<Promise<string>[]> =>
  together<DepositId>(
    shares.map((share) => deliveryOf(depositShare as Message, share)),
    {
      handle: (delivery, take) => handleDepositShares(aggregator, delivery, take),
      takeAll: (all) => takeDepositShares(aggregator, all),
    },
  );

/** The outcome of a deposit's share that comes alone. */
export const deliverDeposit = async (stage: Pick<Stage, "aggregator">, share: DepositShare): Promise<string> =>
  (await deliverDeposits(stage, share))[0] as Promise<string>;

type Handling<Id> = {
  handle(delivery: Delivery, take: TakeShare<Id>): Promise<EntryOutcome[]>;
  takeAll(shares: readonly SignatureShare<Id>[]): Promise<Promise<string>[]>;
};

/** Takes the shares of all messages in one batch. Throws what concerns a whole message, or the whole batch. */
async function together<Id>(deliveries: readonly Delivery[], {handle, takeAll}: Handling<Id>): Promise<Promise<string>[]> {
  const shares: SignatureShare<Id>[] = [];
  const gathered = yieldToEventLoop();
  const taken = gathered.then(() => takeAll(shares));
  const take: TakeShare<Id> = async (share) => {
    const position = shares.push(share) - 1;
    return (await taken)[position] as Promise<string>;
  };
  const handled = deliveries.map((delivery) => handle(delivery, take));
  await Promise.race([Promise.all(handled), taken]);
  await taken;
  return handled.flatMap((outcomes, message) =>
    Array.from({length: entriesIn(deliveries[message] as Delivery)}, (_, position) => {
      const outcome = outcomes.then((all) => onlyOutcome(all.slice(position, position + 1)));
      outcome.catch(() => {});
      return outcome;
    }),
  );
}

function entriesIn({data}: Delivery): number {
  const {exits, deposits} = JSON.parse(new TextDecoder().decode(data));
  return (exits ?? deposits).length;
}
