import type {StoredRefusal} from "../store/heldShares.js";

/** The rejection's sentence, with the code of each. */
export function describeRefusals(sentence: string, standing: readonly [number, StoredRefusal][]): string {
  const named = standing.toSorted(([a], [b]) => a - b).map(([shareIndex, {code}]) => `share ${shareIndex} ${code}`);
  return `${sentence}: ${named.join(", ")}`;
}
