import {expect, it} from "vitest";
import {createSlots} from "../../../src/runtime/slots.js";

it("gives what is free at once, and then to whoever waits longest", async () => {
  const slots = createSlots(1);
  const order: string[] = [];
  await slots.take();
  const waiting = ["first", "second"].map((name) => slots.take().then(() => order.push(name)));
  expect(order).toEqual([]);
  slots.give();
  await waiting[0];
  expect(order).toEqual(["first"]);
  slots.give();
  await waiting[1];
  slots.give();
  await slots.take();
  expect(order).toEqual(["first", "second"]);
});
