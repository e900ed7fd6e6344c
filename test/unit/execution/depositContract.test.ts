import {networksChainConfig} from "@lodestar/config/networks";
import {describe, expect, it} from "vitest";
import {networkNames} from "../../../schemas/fields.js";
import {depositContractOf} from "../../../src/execution/depositContract.js";
import {toHex} from "../../../src/runtime/hex.js";

describe("the deposit contract", () => {
  it.each(networkNames)("of %s is the one that its consensus layer reads", (network) => {
    expect(depositContractOf(network).address).toBe(toHex(networksChainConfig[network].DEPOSIT_CONTRACT_ADDRESS));
  });

  it("can be another one, in any case", () => {
    expect(depositContractOf("hoodi", `0x${"AB".repeat(20)}`)).toEqual({address: `0x${"ab".repeat(20)}`, firstBlock: 0});
  });
});
