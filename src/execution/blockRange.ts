/** How many blocks to ask for at once: found out from what the endpoint answers and what it refuses. */
export type BlockRange = {
  blocks(): number;
  answered(): void;
  /** So many were asked for. */
  refused(asked: number): void;
};

/** After the first refusal it grows again only when this many were answered: most limits are of blocks, and stay. */
const answersToGrow = 10;

export function createBlockRange({first = 10_000, most = 1_000_000} = {}): BlockRange {
  let blocks = first;
  let wasRefused = false;
  let answers = 0;
  return {
    blocks: () => blocks,
    answered() {
      answers++;
      if (wasRefused && answers < answersToGrow) return;
      blocks = Math.min(blocks * 2, most);
      answers = 0;
    },
    refused(asked) {
      blocks = Math.max(1, Math.floor(asked / 2));
      wasRefused = true;
      answers = 0;
    },
  };
}
