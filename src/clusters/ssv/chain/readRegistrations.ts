import type {DvtError} from "../../../errors.js";
import {connectExecution, type Execution} from "../../../execution/connectExecution.js";
import type {Chain, NodeOptions} from "../../../execution/node.js";
import {type SsvContract, type SsvEvent, scanSsvEvents} from "../../../execution/ssvNetwork.js";
import type {Logger} from "../../../runtime/logger.js";
import {createOutage} from "../../../runtime/outage.js";
import {type CheckpointOrigin, readCheckpoint, writeCheckpoint} from "./checkpoint.js";
import {applyEvents, emptyRegistry, type OperatorSet, type Registry} from "./registry.js";

/** The options for reading SSV registrations. */
export type ReadOptions = {
  /** In the format of EXECUTION_ENDPOINT. */
  readonly endpoints: string;
  readonly checkpointFile: string;
  readonly network: Chain & {readonly name: CheckpointOrigin["network"]};
  readonly logger: Logger;
  readonly node?: NodeOptions;
};

/** Called with the blocks read, and all blocks to read. */
type OnProgress = (done: number, total: number) => void;

/** Reads up to the finalized head; from the contract's first block if these operators were never read before. */
type ReadRegistrations = (sets: readonly OperatorSet[], onProgress?: OnProgress) => Promise<Registry>;

/** The interval of saves within a long scan. */
const saveEveryMs = 10_000;
/** Finality takes a quarter of an hour. An older finalized block means that the endpoint is behind or the chain is in trouble. */
const oldMs = 3_600_000;
const old = {
  begins: "the execution chain's finalized block is old: it is behind, or does not finalize",
  goesOn: "the execution chain's finalized block is still old",
  ends: "the execution chain finalizes again",
};

/**
 * Creates a reader that keeps what it has read, in memory and in the checkpoint, even if the next page fails. It must not run
 * twice at once.
 */
export function createReader(contract: SsvContract, signal: AbortSignal, options: ReadOptions): ReadRegistrations {
  const {endpoints, checkpointFile, network, logger, node} = options;
  const of: CheckpointOrigin = {network: network.name, contract: contract.address};
  let execution: Execution | undefined;
  let registry: Registry | undefined;
  let saved: Registry | undefined;
  let savedAt = performance.now();
  const outage = createOutage(old, logger);

  const open = async (sets: readonly OperatorSet[]): Promise<Registry> => {
    registry ??= saved = await readCheckpoint(checkpointFile, of);
    const known = registry?.operatorSets ?? [];
    const all = [...new Set([...known, ...sets])];
    return registry && all.length === known.length ? registry : emptyRegistry(all, contract.firstBlock);
  };
  const save = async (now: Registry): Promise<void> => {
    if (now !== saved) await writeCheckpoint(checkpointFile, of, now);
    [saved, savedAt] = [now, performance.now()];
  };
  const warnIfOld = (timestamp: number): void => {
    const ageMs = Date.now() - timestamp * 1000;
    if (ageMs > oldMs) outage.failed(undefined, () => ({minutes: Math.floor(ageMs / 60_000)}));
    else outage.served();
  };
  const refuse = ({block, owner, publicKey}: SsvEvent, {code}: DvtError): void =>
    logger.warn({block, owner, public_key: publicKey.slice(0, 98), code}, "SSV registration refused");

  return async (sets, onProgress) => {
    execution ??= await connectExecution(endpoints, {chain: network, signal, logger, ...node});
    let now = await open(sets);
    registry = now;
    try {
      await execution.run(async (one) => {
        const {timestamp} = await scanSsvEvents(one, {
          contract,
          fromBlock: now.nextBlock,
          known: now.finalBlock,
          async onPage({events, toBlock, head}) {
            const finalBlock = {number: head.number, hash: head.hash};
            now = {...(await applyEvents(now, events, refuse)), nextBlock: toBlock + 1, finalBlock};
            onProgress?.(toBlock + 1 - contract.firstBlock, head.number + 1 - contract.firstBlock);
            if (performance.now() - savedAt > saveEveryMs) await save(now);
          },
        });
        warnIfOld(timestamp);
      });
    } finally {
      registry = now;
      await save(now);
    }
    return now;
  };
}
