import {describe, expect, it} from "vitest";
import {networks} from "../../../src/consensus/networks.js";
import {createFindValid, findValid} from "../../../src/registry/validDeposits.js";
import {toHex} from "../../../src/runtime/hex.js";
import {badPublicKeys, badSignatures} from "../../support/examples/badPoints.js";
import {aDeposit, aTopUp} from "../../support/examples/deposits.js";

const network = networks.mainnet;
const deposit = aDeposit(network, "a");
const many = Array.from({length: 70}, (_, position) => aDeposit(network, `many ${position}`));

describe("a deposit's signature", () => {
  it("is valid over its own key, credentials and amount", async () => {
    expect(await findValid(many, network)).toEqual(many);
  });

  it.each([
    {id: "another amount", invalid: {...deposit, amount: deposit.amount + 1n}},
    {id: "other withdrawal credentials", invalid: {...deposit, withdrawalCredentials: `0x02${"00".repeat(31)}`}},
    {id: "another key", invalid: {...deposit, publicKey: aDeposit(network, "b").publicKey}},
    {id: "another network", invalid: aDeposit(networks.gnosis, "a")},
    {id: "nothing, as a top-up has it", invalid: aTopUp(deposit)},
    ...badSignatures.map(({id, bytes}) => ({id: `a signature that is ${id}`, invalid: {...deposit, signature: toHex(bytes)}})),
    ...badPublicKeys.map(({id, bytes}) => ({id: `a key that is ${id}`, invalid: {...deposit, publicKey: toHex(bytes)}})),
  ])("is not valid with $id, and takes no other with it", async ({invalid}) => {
    const [first, second] = many;
    expect(await findValid([first, invalid, second] as never, network)).toEqual([first, second]);
  });
});

it("remembers verdicts of each deposit, not of its key or its signature", async () => {
  const find = createFindValid(network);
  const forged = {...deposit, amount: 1n};
  expect(await find([forged])).toEqual([]);
  expect(await find([forged, deposit, deposit])).toEqual([deposit, deposit]);
  expect(await find([deposit, forged])).toEqual([deposit]);
  expect(await find([])).toEqual([]);
});
