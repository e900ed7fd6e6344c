import {expect, it} from "vitest";
import {compiler, hashOfSources} from "../../contracts/sources.js";
import {artifacts} from "../../support/chain/contracts.js";

it("test/contracts/artifacts.json is of the sources beside it (npm run contracts)", () => {
  expect(artifacts.sources).toBe(hashOfSources());
  expect(artifacts.solc).toBe(compiler.version);
});
