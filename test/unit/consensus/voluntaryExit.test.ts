import {describe, expect, it} from "vitest";
import type {NetworkName} from "../../../schemas/fields.js";
import {networks} from "../../../src/consensus/networks.js";
import {VoluntaryExit, voluntaryExitDomain, voluntaryExitSigningRoot} from "../../../src/consensus/voluntaryExit.js";
import {toHex} from "../../../src/runtime/hex.js";
import {vector} from "../../support/files.js";

type Exit = {
  network: NetworkName;
  validator_index: number;
  epoch: number;
  fork_version: string;
  genesis_validators_root: string;
  domain: string;
  signing_root: string;
};
const {exits} = vector<{exits: Exit[]}>("exits.json");

it("has vectors of every network", () => {
  expect(new Set(exits.map(({network}) => network))).toEqual(new Set(Object.keys(networks)));
});

describe.each(exits)("the exit of $validator_index on $network", (exit) => {
  const network = networks[exit.network];

  it("is of Capella's epoch and fork version and the network's genesis", () => {
    expect(network.capellaForkEpoch).toBe(exit.epoch);
    expect(toHex(network.capellaForkVersion)).toBe(exit.fork_version);
    expect(toHex(network.genesisValidatorsRoot)).toBe(exit.genesis_validators_root);
  });

  it("has StakeWise's domain", () => {
    expect(toHex(voluntaryExitDomain(network))).toBe(exit.domain);
  });

  it("has StakeWise's signing root", () => {
    expect(toHex(voluntaryExitSigningRoot(network, exit.validator_index))).toBe(exit.signing_root);
  });
});

it("gives every index a root of its own, up to 2^53 - 1", () => {
  const indexes = [0, 1, 2 ** 31, 2 ** 32, 2 ** 32 + 1, Number.MAX_SAFE_INTEGER - 1, Number.MAX_SAFE_INTEGER];
  const roots = indexes.map((index) => toHex(voluntaryExitSigningRoot(networks.hoodi, index)));
  expect(new Set(roots).size).toBe(indexes.length);
});

it("writes epoch and index as uint64, little-endian", () => {
  expect(toHex(VoluntaryExit.serialize({epoch: 1, validatorIndex: 2 ** 32 + 2}))).toBe("0x01000000000000000200000001000000");
});
