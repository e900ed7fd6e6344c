import {expect, it} from "vitest";
import {rotationText} from "../../../../../src/cli/operator/rotate/rotationText.js";
import type {PlannedRotation} from "../../../../../src/rotation/steps.js";

const indexes = Array.from({length: 200_000}, (_, index) => 1_000_000 + index);

it("says shortly what an oracle alone calls outdated, however many there are", () => {
  const plan = {
    validators: [{publicKey: "0xab", validatorIndex: 1}],
    others: indexes,
    disputed: indexes,
  } as unknown as PlannedRotation;
  const text = rotationText({step: "planned", plan});
  expect(text).toMatch(
    /^1 exit outdated; not of your clusters, .*: 1000000, .* and 199980 more; only some oracles say: 1000000, .* more$/,
  );
  expect(text.length).toBeLessThan(1000);
  expect(rotationText({step: "obstacle", obstacle: {why: "not ours", indexes}}).length).toBeLessThan(1000);
});
