import {expect, it} from "vitest";
import {describeClusters} from "../../../../src/cli/doctor/checksOfVault.js";

const vault = `0x${"a1".repeat(20)}`;
const entry = (id: string, operatorIds: string[]) => ({id, operatorIds, definition: `${id}.json`, shareIndexes: []});
const participants = {clusters: [entry("c1", ["op-1"]), entry("c2", ["op-1", "op-2"])] as never};

it("says which clusters the rules name for the vault", () => {
  expect(describeClusters({vault, clusters: new Set(["c1", "c2"])}, "op-1", participants)).toBe(
    "c1, c2, which list this operator",
  );
});

it.each([
  {id: "a cluster that nobody has", clusters: ["c1", "c3"], operatorId: "op-1", says: /name c3, which participants.json/},
  {id: "a cluster of others", clusters: ["c1", "c2"], operatorId: "op-2", says: /name c1, whose exits operator op-2 may not/},
])("finds fault with $id", ({clusters, operatorId, says}) => {
  expect(() => describeClusters({vault, clusters: new Set(clusters)}, operatorId, participants)).toThrow(
    expect.objectContaining({message: expect.stringMatching(says), todo: expect.stringMatching(/^Correct /)}),
  );
});
