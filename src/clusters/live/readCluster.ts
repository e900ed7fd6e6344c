import {DvtError} from "../../errors.js";
import type {ClusterEntry} from "../../participants/participants.js";
import type {Cluster, ClusterDefinition} from "../cluster.js";
import {toCluster} from "../clusters.js";
import {findChangedValidators} from "./changedValidators.js";
import type {DefinitionReader} from "./definitionReader.js";

/**
 * Of the validators whose definition would change or be removed, finds those that must keep it for now, such as while an exit is
 * open.
 */
export type FindHeld = (validators: {changed: readonly string[]; removed: readonly string[]}) => Promise<readonly string[]>;

/** Why the definition of a cluster is refused; `seen` is another object once the definition has changed. */
export type Refusal = {
  readonly id: string;
  readonly seen: unknown;
  readonly error: DvtError;
  /** Only some of its validators are refused. */
  readonly isPartial?: true;
};

type ReadOptions = {reader: DefinitionReader; current: Cluster | undefined; findHeld: FindHeld};

/** Reads the cluster of an entry; returns neither a cluster nor a refusal while the definition is unknown. */
export async function readCluster(
  entry: ClusterEntry,
  {reader, current, findHeld}: ReadOptions,
): Promise<{cluster?: Cluster; refusal?: Refusal}> {
  let seen: unknown;
  try {
    const definition = await reader.read();
    if (!definition) return {};
    seen = definition.validators;
    const cluster = toCluster(entry, definition);
    if (current && current.validators !== cluster.validators && !reader.isFinal)
      await assertUnheld(current, definition, findHeld);
    return {cluster};
  } catch (error) {
    if (!(error instanceof DvtError)) throw error;
    return {refusal: {id: entry.id, seen: seen ?? error, error}};
  }
}

/** CLUSTER_CHANGED when the definition changes the shares of a validator whose exit is open: shares of two kinds would mix. */
async function assertUnheld(current: Cluster, definition: ClusterDefinition, findHeld: FindHeld): Promise<void> {
  const {changed, removed} = await findChangedValidators(current, definition);
  if (changed.length + removed.length === 0) return;
  const [first, ...others] = await findHeld({changed, removed});
  if (first === undefined) return;
  const more = others.length > 0 ? ` and ${others.length} others` : "";
  throw new DvtError(
    "CLUSTER_CHANGED",
    `update cluster ${current.id}: its definition changes or removes validator ${first}${more} while exits are open; it takes effect when none is open`,
  );
}
