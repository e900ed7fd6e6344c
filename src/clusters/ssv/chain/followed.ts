import type {NetworkName} from "../../../../schemas/fields.js";
import type {ClusterDefinition} from "../../cluster.js";
import type {DefinitionSource} from "../../live/definitionSource.js";
import {ssvThresholdOf} from "../ssvShares.js";
import {type OperatorSet, operatorIdsOf, type Registered, type Registry, registeredBy} from "./registry.js";

type ClusterKey = {readonly network: NetworkName; readonly set: OperatorSet; readonly owners?: readonly string[] | undefined};

/** One cluster of the registry, as of the last finalized head that was read. */
export type FollowedCluster = DefinitionSource & {take(registry: Registry): void};

/** Follows one cluster of the registry. */
export function createFollowed({network, set, owners}: ClusterKey, first: Registry, onStop: () => void): FollowedCluster {
  const threshold = ssvThresholdOf(operatorIdsOf(set), `the cluster of SSV operators ${set}`);
  const define = (registered: ReadonlyMap<string, Registered>): ClusterDefinition => ({
    type: "SSV",
    network,
    threshold,
    validators: new Map([...registered].map(([publicKey, {validator}]) => [publicKey, validator])),
  });
  const listeners: ((definition: ClusterDefinition) => void)[] = [];
  let registered = registeredBy(first, set, owners);
  let current = define(registered);

  return {
    current: () => current,
    onChange: (listener) => void listeners.push(listener),
    take(registry) {
      const now = registeredBy(registry, set, owners);
      if (marksOf(now) === marksOf(registered)) return;
      registered = now;
      current = define(now);
      for (const listener of listeners) listener(current);
    },
    async stop() {
      listeners.length = 0;
      onStop();
    },
  };
}

/** Equal for the same validators with the same shares, because an owner uses a nonce only once. */
const marksOf = (registered: ReadonlyMap<string, Registered>): string =>
  [...registered].map(([key, {owner, nonce}]) => `${key} ${owner} ${nonce}`).join("\n");
