/** How many blocks to request at once, learned from what the endpoint accepts and refuses. */
export type BlockRange = {
  blocks(): number;
  answered(): void;
  /** Reports a refused request of this many blocks. */
  refused(asked: number): void;
};

/**
 * After the first refusal, the range grows only after this many accepted requests, because most limits are on blocks and do not
 * change.
 */
const answersToGrow = 10;

/** Creates the range of one scan. */
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
