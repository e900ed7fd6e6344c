import {Type} from "typebox";
import {describe, expect, it} from "vitest";
import {problemsOf} from "../../../src/runtime/problems.js";

const schema = Type.Object({name: Type.String(), list: Type.Array(Type.Integer())}, {additionalProperties: false});

describe("problemsOf", () => {
  it("is empty for what fits", () => {
    expect(problemsOf(schema, {name: "a", list: [1]})).toEqual([]);
  });

  it("reports every problem with its place", () => {
    const told = problemsOf(schema, {name: 7, list: [1, "secret", 2.5]});
    expect(told.map((problem) => problem.split(":")[0])).toEqual(["/name", "/list/1", "/list/2"]);
  });

  it("reports unknown fields once, by their names", () => {
    const told = problemsOf(schema, {name: "a", list: [], first: 1, second: 2});
    expect(told).toHaveLength(1);
    expect(told[0]).toMatch(/first.*second/);
  });

  it.each([
    {id: "in a field", value: {name: {secret: "hunter2"}, list: []}},
    {id: "in a list", value: {name: "a", list: ["hunter2"]}},
    {id: "as the whole", value: "hunter2"},
  ])("never quotes the value: $id", ({value}) => {
    const told = problemsOf(schema, value);
    expect(told).not.toEqual([]);
    expect(told.join()).not.toContain("hunter2");
  });

  it("reports names from outside without control characters, and shortened", () => {
    const [told = ""] = problemsOf(schema, {name: "a", list: [], [`\u001b[31m${"x".repeat(500)}`]: 1});
    expect(told).toContain("?[31mxx");
    expect(told.length).toBeLessThan(80);
  });
});
