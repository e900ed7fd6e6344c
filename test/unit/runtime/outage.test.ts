import {expect, it} from "vitest";
import {createOutage} from "../../../src/runtime/outage.js";
import {aLogger} from "../../support/logger.js";

const anOutage = () => {
  const {logger, logged} = aLogger();
  let now = 0;
  const outage = createOutage("mongodb", logger, () => now);
  return {
    ...outage,
    logged,
    pass: (seconds: number): void => {
      now += seconds * 1000;
    },
  };
};

it("logs an outage once, then once a minute with the number of failures, and its end once", () => {
  const {failed, served, pass, logged} = anOutage();
  for (let second = 0; second < 125; second++, pass(1)) failed(`failure ${second}`);
  served();
  served();
  expect(logged).toMatchObject([
    {level: 40, msg: "mongodb is unavailable", error: "failure 0"},
    {level: 40, msg: "mongodb is still unavailable", error: "failure 60", failures: 61, for_s: 60},
    {level: 40, msg: "mongodb is still unavailable", error: "failure 120", failures: 121, for_s: 120},
    {level: 30, msg: "mongodb is available again", failures: 125, for_s: 125},
  ]);
});

it("logs nothing for what works", () => {
  const {served, logged} = anOutage();
  served();
  served();
  expect(logged).toEqual([]);
});

it("begins anew with the next outage", () => {
  const {failed, served, pass, logged} = anOutage();
  failed("one");
  pass(5);
  served();
  pass(300);
  failed("another");
  expect(logged).toMatchObject([
    {msg: "mongodb is unavailable", error: "one"},
    {msg: "mongodb is available again", for_s: 5},
    {msg: "mongodb is unavailable", error: "another"},
  ]);
});
