import {setTimeout as delay} from "node:timers/promises";
import type {Cluster} from "../clusters/cluster.js";
import {DvtError} from "../errors.js";
import {type ExitId, exitKeyOf} from "../exits/exitId.js";
import type {Policy} from "../policy/policy.js";
import type {Logger} from "../runtime/logger.js";
import {createRecent} from "./recent.js";
import type {WarnOnce} from "./warnOnce.js";

/** Those whose exits the sidecars of their cluster may sign: whatever they are shown, they sign. */
export type Allowing = <T extends ClusterExit>(standings: readonly T[]) => Promise<T[]>;

type ClusterExit = {readonly cluster: Pick<Cluster, "id">; readonly exit: ExitId};

type Options = {
  /** Undefined: no sidecar of this cluster is spoken for, and nothing can be signed here. */
  readonly policyOf: (clusterId: string) => Policy | undefined;
  readonly now: () => number;
  readonly warnOnce: WarnOnce;
  readonly logger: Pick<Logger, "error">;
  /** Clients do not wait longer for what is not decided yet: they poll. */
  readonly patienceMs?: number;
  /** What was put off is not asked for again sooner. */
  readonly putOffMs?: number;
};

const hourMs = 3_600_000;

/** Decides once, and remembers: clients poll. What is refused is decided anew after an hour, what is put off after 10 s. */
export function createAllowing(options: Options): Allowing {
  const {policyOf, now, warnOnce, logger, patienceMs = 3000, putOffMs = 10_000} = options;
  const allowed = createRecent(24 * hourMs);
  const refused = createRecent(hourMs);
  const putOff = createRecent(putOffMs);
  const underWay = new Map<string, Promise<void>>();

  const decide = async (key: string, policy: Policy, exit: ExitId): Promise<void> => {
    try {
      const decision = await policy.decide(exit, now());
      if (decision.outcome === "sign") return allowed.add(key);
      refused.add(key);
      warnOnce({exit: key, code: decision.code}, "exit not shown to sidecars");
    } catch (error) {
      putOff.add(key);
      if (error instanceof DvtError) warnOnce({code: error.code}, "exits are not shown to sidecars yet");
      else logger.error({exit: key, err: error}, "exit not decided");
    }
  };

  return async (standings) => {
    const undecided = standings.flatMap((standing) => {
      const key = exitKeyOf(standing.exit);
      const policy = policyOf(standing.cluster.id);
      if (!policy || [allowed, refused, putOff].some((it) => it.has(key))) return [];
      const deciding = underWay.get(key) ?? decide(key, policy, standing.exit).finally(() => underWay.delete(key));
      underWay.set(key, deciding);
      return [deciding];
    });
    if (undecided.length > 0) await within(patienceMs, Promise.all(undecided));
    return standings.filter(({cluster, exit}) => !policyOf(cluster.id) || allowed.has(exitKeyOf(exit)));
  };
}

async function within(ms: number, work: Promise<unknown>): Promise<void> {
  const done = new AbortController();
  const tooLong = delay(ms, undefined, {signal: done.signal}).catch(() => {});
  await Promise.race([work, tooLong]);
  done.abort();
}
