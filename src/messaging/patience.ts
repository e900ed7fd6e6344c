/** When to leave a server that is connected and does not do what it is there for. */
export type Patience = {
  /** It did. */
  served(): void;
  /** It did not; true where it is time to leave it. */
  failed(): boolean;
};

const fewest = 3;
const mostDoublings = 5;

/**
 * It is time after three failures in a row, over `patienceMs`. Once all servers were left and none has served, it takes twice as
 * long, and so on up to 32 times: where all are alike, nothing is won by leaving.
 */
export function createPatience(servers: number, patienceMs: number, now: () => number = () => performance.now()): Patience {
  let failures = 0;
  let since = 0;
  let left = 0;
  return {
    served() {
      failures = 0;
      left = 0;
    },
    failed() {
      if (failures++ === 0) since = now();
      const longMs = patienceMs * 2 ** Math.min(Math.floor(left / servers), mostDoublings);
      if (servers < 2 || failures < fewest || now() - since < longMs) return false;
      failures = 0;
      left++;
      return true;
    },
  };
}
