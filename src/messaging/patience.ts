/** Decides when to leave a server that is connected but does not serve. */
export type Patience = {
  /** The server did what it was asked. */
  served(): void;
  /** The server did not; true if it is time to leave it. */
  failed(): boolean;
};

const fewestFailures = 3;
const mostDoublings = 5;

/**
 * A server is left after at least three failures in a row over `patienceMs`. Each time all servers were left and none served, that
 * doubles, up to 32 times: if all fail alike, changing servers gains nothing.
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
      if (servers < 2 || failures < fewestFailures || now() - since < longMs) return false;
      failures = 0;
      left++;
      return true;
    },
  };
}
