import {expect, it} from "vitest";
import {adviceOf, isOfChange} from "../../../src/execution/revertAdvice.js";
import {errorsAbi} from "../../../src/execution/stakeWiseAbi.js";
import {readText, rowsOf, sectionsOf} from "../docs/document.js";

const known = [...errorsAbi.map(({name}) => name), "Panic 0x11"].sort();

it.each(known)("has advice for %s", (revert) => {
  expect(adviceOf(revert)).toMatch(new RegExp(`^${revert}: [a-z]`));
});

it("leaves what it does not know as it is", () => {
  expect(adviceOf("0x12345678")).toBe("0x12345678");
});

it("is what docs/registering.md says", () => {
  const rows = rowsOf(sectionsOf(readText("docs/registering.md"), 2).get("What the contracts refuse") ?? "");
  expect(rows.map(([name]) => name).sort()).toEqual(known);
  for (const [name = "", again] of rows) {
    // A moved root starts over before it comes to that.
    expect(isOfChange(name) || name === "InvalidValidatorsRegistryRoot", name).toBe(again === "yes");
  }
});
