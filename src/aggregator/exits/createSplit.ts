import type {OraclesExitSignatureShares} from "../../../schemas/exitCompletion.js";
import {type ExitToSplit, type SplitTask, splitForOracles} from "../../exits/splitForOracles.js";
import type {OracleSet} from "../../oracles/oracleSet.js";
import {createBatches, type WaitingItem} from "../../runtime/batches.js";
import type {Threads} from "../../runtime/threads.js";
import type {Split} from "../aggregator.js";

/** The threads that split. */
export type SplitThreads = Threads<SplitTask, (OraclesExitSignatureShares | Error)[]>;

type Waiting = {readonly exit: ExitToSplit; readonly oracleSet: Pick<OracleSet, "publicKeys" | "threshold">};

/** More would keep the first of them waiting for the last. */
const mostTogether = 8;

/**
 * Splits on these threads, or here without any. Exits that wait for the same thread go there together, which costs less for each. One
 * whose blinding is made already is split here: it cannot be sent.
 */
export function createSplit(threads: SplitThreads | undefined): Split {
  const splitHere = async (exit: ExitToSplit, {publicKeys: oracleKeys, threshold}: Waiting["oracleSet"]) =>
    only(splitForOracles({exits: [exit], oracleKeys, threshold}));
  if (!threads) return splitHere;

  const splitTogether = async (waiting: readonly Waiting[]): Promise<Promise<OraclesExitSignatureShares>[]> => {
    const {publicKeys: oracleKeys, threshold} = (waiting[0] as Waiting).oracleSet;
    // Copies, because the library's own buffers cannot be transferred.
    const exits = waiting.map(({exit}) => ({...exit, signature: Uint8Array.from(exit.signature)}));
    for (const {exit} of waiting) exit.signature.fill(0);
    const transfer = exits.map(({signature}) => signature.buffer);
    const results = await threads.run({exits, oracleKeys, threshold}, transfer);
    return results.map(async (result) => only([result]));
  };
  const queues = Array.from({length: threads.count}, () => createBatches(splitTogether, chooseOfOneSet));
  let turn = 0;
  return (exit, oracleSet) => {
    if (exit.blinding) return splitHere(exit, oracleSet);
    const queue = queues[turn++ % queues.length] as (typeof queues)[number];
    return queue({exit, oracleSet});
  };
}

const chooseOfOneSet = async (waiting: readonly WaitingItem<Waiting>[]): Promise<readonly WaitingItem<Waiting>[]> =>
  waiting.filter(({item}) => item.oracleSet === waiting[0]?.item.oracleSet).slice(0, mostTogether);

function only([result]: readonly (OraclesExitSignatureShares | Error)[]): OraclesExitSignatureShares {
  if (!result || result instanceof Error) throw result ?? new Error("split an exit: no result");
  return result;
}
