import {expect, it} from "vitest";
import {cutStatus} from "../../../src/status/cutStatus.js";
import {aClusterStatus, aMissing, aShareIndex, aStatus} from "../../support/examples/status.js";

const latest = Array(20).fill("signed");
const full = aStatus({
  clusters: Array.from({length: 8}, (_, of) =>
    aClusterStatus({
      cluster_id: `c${of}`,
      share_indexes: [1, 2, 3, 4].map((it) => aShareIndex(it, {latest})),
      missing: Array.from({length: 20}, () => aMissing({exits: 2})),
    }),
  ),
});
const sizeOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

it("leaves a status that fits as it is", () => {
  expect(cutStatus(full)).toBe(full);
});

it("cuts what is missed least, and says so", () => {
  const cut = cutStatus(full, sizeOf(full) - 1);
  expect(cut.cut).toBe(true);
  expect(cut.clusters.map(({missing}) => missing.length)).toEqual(full.clusters.map(({missing}) => missing.length));
});

it("counts the open exits whose groups it cuts", () => {
  const withoutLatest = {...full, clusters: full.clusters.map((it) => ({...it, share_indexes: []}))};
  const [cluster] = cutStatus(full, sizeOf(withoutLatest) / 2).clusters;
  expect(cluster?.missing).toHaveLength(5);
  expect(cluster?.beyond).toBe(30);
});

it.each([20_000, 5000, 2000])("fits into %i bytes", (most) => {
  expect(sizeOf(cutStatus(full, most))).toBeLessThanOrEqual(most);
});
