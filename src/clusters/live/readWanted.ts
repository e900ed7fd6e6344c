import {DvtError} from "../../errors.js";
import type {ClusterEntry} from "../../participants/participants.js";
import type {Cluster, ClusterDefinition} from "../cluster.js";
import {toCluster} from "../clusters.js";
import {findChangedValidators} from "./changedValidators.js";
import type {DefinitionReader} from "./definitionReader.js";

/** Of validators whose definition is about to change, or to go, those for whom it must not now: their exits are open. */
export type FindHeld = (validators: {changed: readonly string[]; removed: readonly string[]}) => Promise<readonly string[]>;

/** Why a cluster is not taken as its files have it; `seen` is another object once they were changed. */
export type Refusal = {
  readonly id: string;
  readonly seen: unknown;
  readonly error: DvtError;
  /** It is taken all the same, but for some of its validators. */
  readonly isPartial?: true;
};

type Reading = {reader: DefinitionReader; inForce: Cluster | undefined; findHeld: FindHeld};

/** What the entry is to be from now on; nothing where that is refused, or not known yet. */
export async function readWanted(
  entry: ClusterEntry,
  {reader, inForce, findHeld}: Reading,
): Promise<{wanted?: Cluster; refusal?: Refusal}> {
  let seen: unknown;
  try {
    const definition = await reader.read();
    if (!definition) return {};
    seen = definition.validators;
    const wanted = toCluster(entry, definition);
    if (inForce && inForce.validators !== wanted.validators && !reader.isFinal) await assertFree(inForce, definition, findHeld);
    return {wanted};
  } catch (error) {
    if (!(error instanceof DvtError)) throw error;
    return {refusal: {id: entry.id, seen: seen ?? error, error}};
  }
}

/** CLUSTER_CHANGED when it says something else of a validator whose exit is open: its shares would be of two kinds. */
async function assertFree(inForce: Cluster, definition: ClusterDefinition, findHeld: FindHeld): Promise<void> {
  const {changed, removed} = await findChangedValidators(inForce, definition);
  if (changed.length + removed.length === 0) return;
  const [first, ...others] = await findHeld({changed, removed});
  if (first === undefined) return;
  const more = others.length > 0 ? ` and ${others.length} others` : "";
  throw new DvtError(
    "CLUSTER_CHANGED",
    `take cluster ${inForce.id}: its definition changes the shares of validator ${first}${more}, or leaves it out, while exits are open; it is taken when none is`,
  );
}
