import {setTimeout as delay} from "node:timers/promises";
import {exitReceipt} from "../../schemas/exitReceipt.js";
import {maxOrderSize} from "../../schemas/order.js";
import {type ExitId, exitKeyOf} from "../exits/exitId.js";
import type {Bus} from "../messaging/connect.js";
import {publishOnce} from "../messaging/publishOnce.js";
import type {Logger} from "../runtime/logger.js";

/** What is received within this time travels together. */
const gatherMs = 1000;
const publishWithinMs = 1000;
const mostPending = 10_000;
const mostRemembered = 50_000;

/** Tells the relayer which results an operator has. It delays and fails nothing: a receipt that cannot be published is dropped. */
export type Receipts = {
  /** Each exit once for an oracle set; false when it was added before. */
  add(exit: ExitId, oraclesConfigHash: string): boolean;
  /** Although it may have been added before: the relayer forgets it once another exit of the key is the current one. */
  addAgain(exit: ExitId, oraclesConfigHash: string): void;
  /** Publishes what is left, if the bus takes it within a second. */
  stop(): Promise<void>;
};

type Options = {readonly operatorId: string; readonly logger: Pick<Logger, "debug">};
type Receipt = {readonly exit: ExitId; readonly oraclesConfigHash: string};

export function createReceipts(bus: Bus, {operatorId, logger}: Options): Receipts {
  const known = new Set<string>();
  let pending: Receipt[] = [];
  let publishing: Promise<void> | undefined;
  const stopping = new AbortController();
  const pause = (ms: number): Promise<void> => delay(ms, undefined, {signal: stopping.signal}).catch(() => {});

  const publishTogether = async (some: readonly Receipt[]): Promise<void> => {
    const [{exit, oraclesConfigHash}] = some as [Receipt];
    const exits = some.map((it) => ({public_key: it.exit.publicKey, validator_index: it.exit.validatorIndex}));
    const head = {network: exit.network.name, operator_id: operatorId, oracles_config_hash: oraclesConfigHash};
    try {
      await publishOnce(bus, exitReceipt, {...head, exits}, publishWithinMs);
    } catch (error) {
      logger.debug({exits: some.length, error: (error as Error).message}, "receipt of results dropped");
    }
  };
  const publishAll = async (): Promise<void> => {
    while (pending.length > 0) {
      if (pending.length < maxOrderSize) await pause(gatherMs);
      const hash = pending[0]?.oraclesConfigHash;
      const some = new Set(pending.filter(({oraclesConfigHash}) => oraclesConfigHash === hash).slice(0, maxOrderSize));
      pending = pending.filter((it) => !some.has(it));
      await publishTogether([...some]);
    }
    publishing = undefined;
  };

  const keyOf = ({exit, oraclesConfigHash}: Receipt): string => `${exitKeyOf(exit)} ${oraclesConfigHash}`;
  const add = (receipt: Receipt): boolean => {
    const key = keyOf(receipt);
    if (known.has(key) || pending.length >= mostPending) return false;
    if (known.size >= mostRemembered) known.clear();
    known.add(key);
    pending.push(receipt);
    publishing ??= publishAll();
    return true;
  };

  return {
    add: (exit, oraclesConfigHash) => add({exit, oraclesConfigHash}),
    addAgain(exit, oraclesConfigHash) {
      known.delete(keyOf({exit, oraclesConfigHash}));
      add({exit, oraclesConfigHash});
    },
    async stop() {
      stopping.abort();
      await Promise.race([publishing, delay(publishWithinMs, undefined, {ref: false})]);
    },
  };
}
