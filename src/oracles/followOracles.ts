import {setTimeout as delay} from "node:timers/promises";
import type {NetworkName} from "../../schemas/fields.js";
import {dispositionOf} from "../errors.js";
import type {Chain} from "../execution/node.js";
import {every} from "../runtime/every.js";
import type {AnnouncedConfig} from "./announcedConfig.js";
import {type Checkpoint, type CheckpointOrigin, readCheckpoint, writeCheckpoint} from "./checkpoint.js";
import {createConfigReader, type ReadOptions} from "./configReader.js";
import {keeperOf} from "./keeperOf.js";
import type {ConfiguredOracles} from "./liveOracles.js";
import {toProtocolConfig} from "./protocolConfig.js";

/** How the oracle set is followed. */
export type FollowOptions = ReadOptions & {
  readonly network: Chain & {readonly name: NetworkName};
  /** Address of the Keeper, if not the network's own. */
  readonly keeper?: string | undefined;
  readonly checkpointFile: string;
  readonly refreshMs: number;
  /** Aborts reads. */
  readonly signal: AbortSignal;
  /** How long a start waits for the chain and IPFS if there is a last good config. */
  readonly startWithinMs?: number;
};

/** An oracle set that follows the chain. */
export type FollowedOracles = ConfiguredOracles & {stop(): Promise<void>};

/** The most blocks that a restart scans again. */
const blocksBetweenCheckpoints = 10_000;

/**
 * Follows the oracle set that StakeWise's Keeper announced last, as of the latest block, which oracles and StakeWise's operator
 * use too; a reorganisation can revert it. If a new one cannot be fetched or is invalid, the last good one stays in effect; a
 * restart begins with the last final one. Rejects if there is none to begin with.
 */
export async function followOracles(options: FollowOptions): Promise<FollowedOracles> {
  const {network, checkpointFile, refreshMs, startWithinMs = 30_000, logger} = options;
  const keeper = keeperOf(network.name, options.keeper);
  const of: CheckpointOrigin = {network: network.name, keeper: keeper.address};
  const controller = new AbortController();
  const signal = AbortSignal.any([controller.signal, options.signal]);
  const read = createConfigReader(keeper, signal, options);
  let saved = await readCheckpoint(checkpointFile, of);
  const known = saved && {block: saved.block, noneFrom: saved.block.number + 1, ipfsHash: saved.config.ipfsHash};
  let config = saved?.config;
  /** The block of the current announcement. */
  let seenBlock = 0;
  let refused: string | undefined;
  /** The start counts as a read: whatever is old by then was in use before. */
  let checkedAt = performance.now();
  /** The final config and the current one. */
  const fetched = new Map<string, AnnouncedConfig>(saved ? [[saved.config.ipfsHash, saved.config]] : []);

  const fetchOnce = async (ipfsHash: string): Promise<AnnouncedConfig> => {
    const got = fetched.get(ipfsHash) ?? (await read.config(ipfsHash));
    fetched.set(ipfsHash, got);
    return got;
  };
  const save = async (now: Checkpoint): Promise<void> => {
    const isNear = saved && now.block.number - saved.block.number < blocksBetweenCheckpoints;
    if (now.config === saved?.config && isNear) return;
    await writeCheckpoint(checkpointFile, of, now);
    saved = now;
  };
  const take = (next: AnnouncedConfig): void => {
    const {publicKeys, threshold, configHash} = next.oracleSet;
    const isOther = config !== undefined && config.oracleSet.configHash !== configHash;
    const fields = {ipfs_hash: next.ipfsHash, oracles: publicKeys.length, threshold, oracles_config_hash: configHash};
    config = next;
    logger.info(fields, isOther ? "the oracle set has changed" : "oracles config read from the chain");
  };
  const refuse = (error: unknown, ipfsHash: string): void => {
    if (!config || dispositionOf(error) !== "refuse") throw error;
    refused = ipfsHash;
    logger.error({error: (error as Error).message}, "announced oracles config refused, the last good one stays in effect");
  };
  const refresh = async (): Promise<void> => {
    const {final, latest} = await read.announced(known, seenBlock);
    if (latest.ipfsHash !== config?.ipfsHash && latest.ipfsHash !== refused) {
      await fetchOnce(latest.ipfsHash).then(take, (error: unknown) => refuse(error, latest.ipfsHash));
    }
    if (latest.ipfsHash === config?.ipfsHash) seenBlock = latest.block;
    // Only a final config is saved; a final one that was refused has to be found again after a restart.
    const isTaken = final.ipfsHash === config?.ipfsHash || fetched.has(final.ipfsHash);
    if (isTaken) await save({config: await fetchOnce(final.ipfsHash), block: final.block});
    if (latest.ipfsHash === config?.ipfsHash) checkedAt = performance.now();
    for (const hash of fetched.keys()) if (hash !== final.ipfsHash && hash !== config?.ipfsHash) fetched.delete(hash);
  };

  let running = refresh();
  if (config) await atMost(startWithinMs, running, {signal, logger});
  else await running;
  const poll = async (): Promise<void> => {
    await running.catch(() => {});
    if (signal.aborted) return;
    running = refresh();
    await running.catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
  };
  const polling = every(refreshMs, "read the oracle set", poll, logger);
  return {
    current: () => (config as AnnouncedConfig).oracleSet,
    protocolConfig: () => toProtocolConfig(config as AnnouncedConfig),
    checkedAgoMs: () => performance.now() - checkedAt,
    async stop() {
      controller.abort();
      await Promise.all([polling.stop(), running.catch(() => {})]);
    },
  };
}

type WaitOptions = {readonly signal: AbortSignal; readonly logger: FollowOptions["logger"]};

/** Waits for the first read, but not too long: the last good config stays in effect until a later read succeeds. */
async function atMost(ms: number, first: Promise<void>, {signal, logger}: WaitOptions): Promise<void> {
  const began = first.catch((error: unknown) => {
    if (signal.aborted || dispositionOf(error) !== "retry") throw error;
    logger.warn({error: (error as Error).message}, "oracle set not read from the chain, the last good one stays in effect");
  });
  const waiting = new AbortController();
  const late = delay(ms, undefined, {signal: waiting.signal}).then(
    () => logger.warn("the chain or IPFS is slow, the last good oracle set stays in effect"),
    () => {},
  );
  try {
    await Promise.race([began, late]);
  } finally {
    began.catch(() => {});
    waiting.abort();
  }
}
