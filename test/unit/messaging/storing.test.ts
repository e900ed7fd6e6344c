import {expect, it} from "vitest";
import {createStoring} from "../../../src/messaging/storing.js";

it("counts from the first message of a row that was not stored, until one is", () => {
  let now = 1000;
  const {stored, notStored, failsForMs} = createStoring(() => now);
  expect(failsForMs()).toBe(0);
  notStored();
  now = 4000;
  notStored();
  now = 6000;
  expect(failsForMs()).toBe(5000);
  stored();
  expect(failsForMs()).toBe(0);
  notStored();
  now = 6500;
  expect(failsForMs()).toBe(500);
});
