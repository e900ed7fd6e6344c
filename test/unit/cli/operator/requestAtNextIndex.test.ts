import {expect, it} from "vitest";
import {requestAtNextIndex} from "../../../../src/cli/operator/requestAtNextIndex.js";
import type {ExitsOutcome} from "../../../../src/client/outcome.js";
import {networks} from "../../../../src/consensus/networks.js";
import type {ValidatorRegistry} from "../../../../src/registry/validatorRegistry.js";
import {aLogger} from "../../../support/logger.js";

const publicKeys = ["0xaa", "0xbb"];

/** Says these next indexes in turn, and the last one from then on. */
function registryOf(indexes: readonly number[], registered: readonly string[] = []): ValidatorRegistry {
  const left = [...indexes];
  return {
    read: async () => ({
      nextIndex: (left.length > 1 ? left.shift() : left[0]) as number,
      isRegistered: (key) => registered.includes(key),
    }),
  };
}

const nothing: ExitsOutcome = {completed: [], rejected: [], missing: []};

async function run(registry: ValidatorRegistry, outcome = nothing) {
  const asked: number[] = [];
  const {logger, logged} = aLogger();
  const request = async (startIndex: number): Promise<ExitsOutcome> => {
    asked.push(startIndex);
    return outcome;
  };
  await requestAtNextIndex({publicKeys, registry, request, logger});
  return {asked, logged};
}

it("requests exits at the chain's next index, and logs it", async () => {
  const {asked, logged} = await run(registryOf([7]));
  expect(asked).toEqual([7]);
  expect(logged).toContainEqual(expect.objectContaining({start_index: 7}));
});

it("requests again as long as somebody deposits meanwhile, and logs it", async () => {
  const {asked, logged} = await run(registryOf([7, 9, 12]));
  expect(asked).toEqual([7, 9, 12]);
  expect(logged).toContainEqual(expect.objectContaining({from: 9, to: 12}));
});

it("leaves what is missing to whoever runs it again", async () => {
  const missing = [{network: networks.hoodi, publicKey: "0xaa", validatorIndex: 7}];
  expect((await run(registryOf([7, 9]), {...nothing, missing})).asked).toEqual([7]);
});

it("is refused where a validator has its index already", async () => {
  await expect(run(registryOf([7], ["0xbb"]))).rejects.toMatchObject({code: "USAGE"});
});
