import {DvtError} from "../../../errors.js";
import {type SsvContract, ssvContracts} from "../../../execution/ssvNetwork.js";
import {createBatches} from "../../../runtime/batches.js";
import {every} from "../../../runtime/every.js";
import {createFollowed, type FollowedCluster} from "./followed.js";
import {createReader, type ReadOptions} from "./readRegistrations.js";
import {type OperatorSet, type Registry, registeredBy, toOperatorSet} from "./registry.js";
import type {SsvChain} from "./ssvChain.js";

/** The options for following SSV clusters. */
export type FollowOptions = ReadOptions & {
  /** Address of the contract, if not the network's own. */
  readonly contract?: string | undefined;
  /** Called with the blocks read, and all blocks to read, while somebody waits. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  readonly pollMs?: number;
};

/** How often it requests the finalized head, and new events once that has moved. */
const defaultPollMs = 12_000;

/** Follows the clusters of the SSV contract. */
export function followSsv({contract, onProgress, pollMs = defaultPollMs, ...options}: FollowOptions): SsvChain {
  const {network, logger} = options;
  const controller = new AbortController();
  const {signal} = controller;
  const read = createReader(contractOf(network.name, contract), signal, options);
  const followed = new Set<FollowedCluster>();
  let reading: Promise<unknown> = Promise.resolve();
  let polling: {stop(): Promise<void>} | undefined;

  const readFor = createBatches<OperatorSet | undefined, Registry>(async (batch) => {
    const sets = batch.filter((set) => set !== undefined);
    const begun = read(sets, sets.length > 0 ? onProgress : undefined);
    reading = begun.catch(() => {});
    const registry = await begun;
    for (const one of followed) one.take(registry);
    return batch.map(() => registry);
  });
  const poll = async (): Promise<void> => {
    await readFor(undefined).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
  };
  const warnOfStrangers = (registry: Registry, set: OperatorSet): void => {
    const owners = new Set([...registeredBy(registry, set).values()].map(({owner}) => owner));
    if (owners.size < 2) return;
    logger.warn(
      {operators: set, owners: [...owners].slice(0, 10)},
      "several owners use these SSV operators: name yours in ssv_owners",
    );
  };

  return {
    async follow({ssvOperatorIds, ssvOwners}) {
      const set = toOperatorSet(ssvOperatorIds);
      const registry = await readFor(set);
      if (!signal.aborted) polling ??= every(pollMs, "read SSV registrations", poll, logger);
      if (!ssvOwners) warnOfStrangers(registry, set);
      const one = createFollowed({network: network.name, set, owners: ssvOwners}, registry, () => followed.delete(one));
      followed.add(one);
      return one;
    },
    async stop() {
      controller.abort();
      await Promise.all([polling?.stop(), reading]);
    },
  };
}

/** CONFIG_INVALID if the network has none. */
function contractOf(network: string, address: string | undefined): SsvContract {
  const contract = address === undefined ? ssvContracts[network] : {address: address.toLowerCase(), firstBlock: 0};
  if (contract) return contract;
  throw new DvtError("CONFIG_INVALID", `read SSV registrations: the SSV network has no contract on ${network}`);
}
