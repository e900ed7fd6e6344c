import type {Cluster} from "../../clusters/cluster.js";
import {DvtError} from "../../errors.js";
import {type ExitId, exitKeyOf} from "../../exits/exitId.js";
import type {Policy} from "../../policy/policy.js";
import {endsWithin} from "../../runtime/endsWithin.js";
import type {PollLogs} from "../caches/pollLogs.js";
import {createRecent, type Recent} from "../caches/recent.js";
import type {GatewayWatch} from "../presence/gatewayWatch.js";

type ClusterExit = {
  readonly cluster: Cluster;
  readonly exit: ExitId;
  /** Whether it was ordered as one of an active validator, for another oracle set. */
  readonly isRotation: boolean;
};

/** Keeps the exits that the policies allow: StakeWise's sidecars sign whatever they are shown. */
export type FilterAllowed = <T extends ClusterExit>(exits: readonly T[]) => Promise<T[]>;

export type FilterOptions = Pick<PollLogs, "exitsNotShown"> & {
  /** Undefined: the gateway speaks for no sidecar of this cluster, so that nothing can be signed here. */
  readonly policyOf: (clusterId: string) => Policy | undefined;
  readonly now: () => number;
  readonly watch?: Pick<GatewayWatch, "shownTo"> | undefined;
  /** Clients poll, so an answer does not wait longer for a decision. */
  readonly patienceMs?: number;
  /** How soon a decision that failed is tried again. */
  readonly retryAfterMs?: number;
};

const hourMs = 3_600_000;

/** Decides once, and remembers it: clients poll. A refusal is decided anew after an hour, a failed decision after 10 s. */
export function createFilterAllowed(options: FilterOptions): FilterAllowed {
  const {policyOf, now, watch, exitsNotShown, patienceMs = 3000, retryAfterMs = 10_000} = options;
  const allowed = createRecent(24 * hourMs);
  const refused = new Map<string, Recent>();
  const failed = createRecent(retryAfterMs);
  const refusalOf = (key: string): string | undefined => [...refused].find(([, keys]) => keys.has(key))?.[0];
  const underWay = new Map<string, Promise<void>>();

  const decide = async (policy: Policy, it: ClusterExit): Promise<void> => {
    const {cluster, exit, isRotation} = it;
    const [key, exitKey] = [keyOf(it), exitKeyOf(exit)];
    const shown = watch?.shownTo(cluster.id);
    try {
      const decision = await policy.decide({...exit, rotation: isRotation}, now());
      if (decision.outcome === "sign") {
        shown?.handled(exitKey);
        return allowed.add(key);
      }
      const sameCode = refused.get(decision.code) ?? createRecent(hourMs);
      refused.set(decision.code, sameCode);
      sameCode.add(key);
      shown?.refused(exitKey, decision.code);
    } catch (error) {
      const code = error instanceof DvtError ? error.code : "INTERNAL";
      failed.add(key);
      shown?.retried(exitKey, code);
      exitsNotShown.waits(exitKey, {code}, error instanceof DvtError ? error.message : (error as Error).stack);
    }
  };

  return async (exits) => {
    const undecided = exits.flatMap((it) => {
      const key = keyOf(it);
      const policy = policyOf(it.cluster.id);
      if (!policy || allowed.has(key) || failed.has(key) || refusalOf(key) !== undefined) return [];
      const deciding = underWay.get(key) ?? decide(policy, it).finally(() => underWay.delete(key));
      underWay.set(key, deciding);
      return [deciding];
    });
    if (undecided.length > 0) await endsWithin(patienceMs, Promise.all(undecided));
    return exits.filter((it) => {
      const [key, exitKey] = [keyOf(it), exitKeyOf(it.exit)];
      const isShown = !policyOf(it.cluster.id) || allowed.has(key);
      const code = isShown ? undefined : refusalOf(key);
      if (isShown) exitsNotShown.settled(exitKey);
      else if (code !== undefined) exitsNotShown.waits(exitKey, {code});
      return isShown;
    });
  };
}

/** The same exit is decided by other rules as a rotation. */
const keyOf = ({exit, isRotation}: ClusterExit): string => (isRotation ? `${exitKeyOf(exit)}:rotation` : exitKeyOf(exit));
