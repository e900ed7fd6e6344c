import {describe, expect, it} from "vitest";
import {findProblem} from "../../../../src/cli/administrator/clustersMove.js";

const ids = new Set(["alpha", "beta"]);
const key = `0x${"AB".repeat(48)}`;

describe("dvt clusters move", () => {
  it.each([
    {id: "public keys", keys: [key, key.toLowerCase()], choice: {to: "beta"}},
    {id: "all that a cluster has, which may be listed no more", keys: [], choice: {to: "beta", from: "gone"}},
  ])("takes $id", ({keys, choice}) => {
    expect(findProblem(keys, choice, ids)).toBeUndefined();
  });

  it.each([
    {id: "a cluster that is not listed", keys: [key], choice: {to: "gone"}, says: /alpha, beta/},
    {id: "no public keys", keys: [], choice: {to: "beta"}, says: /either the public keys, or/},
    {id: "public keys and a cluster", keys: [key], choice: {to: "beta", from: "alpha"}, says: /either the public keys, or/},
    {id: "what is no public key", keys: [key, "0x12"], choice: {to: "beta"}, says: /0x12/},
  ])("refuses $id", ({keys, choice, says}) => {
    expect(findProblem(keys, choice, ids)).toMatch(says);
  });
});
