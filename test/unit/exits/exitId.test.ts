import {expect, it} from "vitest";
import {networks} from "../../../src/consensus/networks.js";
import {exitKeyOf, validatorKeyOf} from "../../../src/exits/exitId.js";

const exit = {network: networks.hoodi, publicKey: `0x${"ab".repeat(48)}`, validatorIndex: 42};

it("names a validator by its network and key", () => {
  expect(validatorKeyOf(exit)).toBe(`hoodi:0x${"ab".repeat(48)}`);
});

it("names an exit by network, key and index, so that another index is another exit", () => {
  expect(exitKeyOf(exit)).toBe(`hoodi:0x${"ab".repeat(48)}:42`);
  expect(exitKeyOf({...exit, validatorIndex: 43})).not.toBe(exitKeyOf(exit));
  expect(exitKeyOf({...exit, network: networks.gnosis})).not.toBe(exitKeyOf(exit));
});
