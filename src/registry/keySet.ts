/**
 * The last 16 bytes of a public key, in lower-case hex without 0x; two keys with the same mark are as hard to find as a secret
 * key.
 */
export type KeyMark = string;

const markLength = 32;

/** The mark of a public key. */
export const markOf = (publicKey: string): KeyMark => publicKey.slice(-markLength);

/** Splits concatenated marks. */
export function* marksIn(text: string): Generator<KeyMark> {
  for (let from = 0; from < text.length; from += markLength) yield text.slice(from, from + markLength);
}

/** A set of keys by their marks: 3 million take 64 MiB, and a Set of strings would take several times that. */
export type KeySet = {
  readonly size: number;
  has(mark: KeyMark): boolean;
  /** False if the set already has it. */
  add(mark: KeyMark): boolean;
};

const words = 4;

/** Creates an empty set. */
export function createKeySet(slots = 1024): KeySet {
  // Open addressing, at most three quarters full. A slot of zeros is free: no key ends in zeros.
  let table = new Uint32Array(slots * words);
  let size = 0;

  const isAt = (slot: number, mark: Uint32Array): boolean =>
    table[slot] === mark[0] && table[slot + 1] === mark[1] && table[slot + 2] === mark[2] && table[slot + 3] === mark[3];
  const isFree = (slot: number): boolean =>
    (table[slot] ?? 0) + (table[slot + 1] ?? 0) + (table[slot + 2] ?? 0) + (table[slot + 3] ?? 0) === 0;
  /** The slot of the mark, or the free slot where it belongs. */
  const slotOf = (mark: Uint32Array): number => {
    let slot = ((mark[0] ?? 0) % (table.length / words)) * words;
    while (!isFree(slot) && !isAt(slot, mark)) slot = (slot + words) % table.length;
    return slot;
  };
  const grow = (): void => {
    const old = table;
    table = new Uint32Array(old.length * 2);
    for (let slot = 0; slot < old.length; slot += words) {
      const mark = old.subarray(slot, slot + words);
      if (mark.some((word) => word !== 0)) table.set(mark, slotOf(mark));
    }
  };

  return {
    get size() {
      return size;
    },
    has: (mark) => !isFree(slotOf(toWords(mark))),
    add(mark) {
      const added = toWords(mark);
      const slot = slotOf(added);
      if (!isFree(slot)) return false;
      table.set(added, slot);
      size++;
      if (size * words * 4 > table.length * 3) grow();
      return true;
    },
  };
}

const bytes = Buffer.alloc(words * 4);
const scratch = new Uint32Array(bytes.buffer, bytes.byteOffset, words);

/** Returns the same array each time, because this runs often. */
function toWords(mark: KeyMark): Uint32Array {
  scratch.fill(0);
  bytes.write(mark, "hex");
  return scratch;
}
