import type {Exits, LateShare} from "../../store/exits.js";

/** An honest sidecar of a slow machine has no more in a second: the allowance of late shares is smaller, once its burst is over. */
const mostOfSidecar = 2_500;
const mostOfAll = 25_000;
const writtenTogether = 1_000;

/** A late share, and the sidecar that it is of. */
type SidecarsShare = LateShare & {readonly clusterId: string};

/**
 * Remembers when shares came for exits that needed them no more, until all are written together. What a process that is killed
 * remembers is lost, and nothing else.
 */
export type LateShares = {
  /** Each share of an exit once. What is more than a sidecar may have, or than all may, is forgotten. */
  add(share: SidecarsShare): void;
  /** Writes all of them; what could not be written stays for the next time. */
  flush(): Promise<void>;
};

export function createLateShares({addLate}: Pick<Exits, "addLate">): LateShares {
  const bySidecar = new Map<string, Map<string, LateShare>>();
  let count = 0;
  return {
    add({clusterId, exitKey, shareIndex, cameAt}) {
      const sidecar = `${clusterId}:${shareIndex}`;
      const own = bySidecar.get(sidecar) ?? new Map<string, LateShare>();
      if (own.has(exitKey) || own.size >= mostOfSidecar || count >= mostOfAll) return;
      bySidecar.set(sidecar, own.set(exitKey, {exitKey, shareIndex, cameAt}));
      count++;
    },
    async flush() {
      const all = [...bySidecar].flatMap(([sidecar, own]) => [...own.values()].map((late) => ({sidecar, late})));
      for (let start = 0; start < all.length; start += writtenTogether) {
        const some = all.slice(start, start + writtenTogether);
        await addLate(some.map(({late}) => late));
        for (const {sidecar, late} of some) {
          bySidecar.get(sidecar)?.delete(late.exitKey);
          count--;
        }
      }
      for (const [sidecar, own] of bySidecar) if (own.size === 0) bySidecar.delete(sidecar);
    },
  };
}
