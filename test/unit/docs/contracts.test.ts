import {expect, it} from "vitest";
import {artifacts} from "../../../src/sandbox/chain/contracts.js";
import {compiler, hashOfSources} from "../../contracts/sources.js";

it("src/sandbox/contracts/artifacts.json is of the sources in test/contracts (npm run contracts)", () => {
  expect(artifacts.sources).toBe(hashOfSources());
  expect(artifacts.solc).toBe(compiler.version);
});
