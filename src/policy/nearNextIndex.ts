/** An operator's node may be some blocks behind ours, and a batch of 1,000 keys begins at its node's next index. */
const behind = 1000;
const ahead = 2000;
/** Repeated requests do not reach the beacon node. */
const knownForMs = 12_000;

/** Whether an index is near the one that the chain assigns next, as requests for new validators are. */
export function createNearNextIndex(readNextIndex: () => Promise<number>): (validatorIndex: number) => Promise<boolean> {
  let known: {nextIndex: number; atMs: number} | undefined;
  return async (validatorIndex) => {
    if (!known || performance.now() - known.atMs > knownForMs) {
      known = {nextIndex: await readNextIndex(), atMs: performance.now()};
    }
    return validatorIndex >= known.nextIndex - behind && validatorIndex <= known.nextIndex + ahead;
  };
}
