/** An operator's node may be some blocks behind ours; and a batch of 1,000 keys begins at the next index, as its node counts. */
const behind = 1000;
const ahead = 2000;
/** Whoever asks again and again does not keep the beacon node at work. */
const knownForMs = 12_000;

/** Whether an index is near the one that the chain gives next: whoever is about to register a validator asks for such. */
export function createNearNextIndex(readNextIndex: () => Promise<number>): (validatorIndex: number) => Promise<boolean> {
  let known: {nextIndex: number; atMs: number} | undefined;
  return async (validatorIndex) => {
    if (!known || performance.now() - known.atMs > knownForMs) {
      known = {nextIndex: await readNextIndex(), atMs: performance.now()};
    }
    return validatorIndex >= known.nextIndex - behind && validatorIndex <= known.nextIndex + ahead;
  };
}
