import {expect, it} from "vitest";
import {networks} from "../../../src/consensus/networks.js";
import type {Standing} from "../../../src/gateway/lookUp.js";
import {depositToSign, exitToSign, isSettled, type Signable} from "../../../src/gateway/signable.js";
import type {Head} from "../../../src/store/requestDocument.js";

const anExit = {network: networks.hoodi, publicKey: `0x${"ab".repeat(48)}`, validatorIndex: 7};
const aDeposit = {vault: `0x${"a1".repeat(20)}`, amount: 32_000_000_000, validator_type: "0x01"} as const;
const result = {public_keys: [], encrypted_exit_signatures: [], aggregator_signature: ""};

type Changes = Partial<Standing> & {state?: Head["state"]; signature?: string; isExpired?: boolean};
const aStanding = ({state = "open", signature, isExpired = false, ...changes}: Changes): Standing => ({
  ...({exit: anExit, head: {state} as Head, result: undefined, held: new Set([2])} as unknown as Standing),
  deposit: {id: {...anExit, deposit: aDeposit}, isExpired, signature, held: new Set([3]), refusals: new Map()},
  ...changes,
});

const rules = {withdrawalAddressOf: () => aDeposit.vault};

it.each([
  {id: "open", standing: {}, exit: false, deposit: false},
  {id: "whose exit is complete", standing: {result}, exit: true, deposit: false},
  {id: "whose deposit is signed", standing: {signature: "0x"}, exit: false, deposit: true},
  {id: "without a deposit", standing: {deposit: undefined}, exit: false, deposit: undefined},
  {id: "answered, the deposit expired", standing: {state: "answered", result, isExpired: true}, exit: true, deposit: undefined},
  {id: "expired", standing: {state: "expired"}, exit: undefined, deposit: undefined},
  {id: "expired and completed all the same", standing: {state: "expired", result, signature: "0x"}, exit: true, deposit: true},
] as const)("of one that is $id tells what is awaited, and whether it is complete", ({standing, exit, deposit}) => {
  const one = aStanding(standing);
  expect({exit: exitToSign(one)?.isComplete, deposit: depositToSign(one, rules)?.isComplete}).toEqual({exit, deposit});
});

it.each([
  {id: "to another vault than the definition's", rules: {withdrawalAddressOf: () => `0x${"b2".repeat(20)}`}},
  {id: "of a definition that names none", rules: {withdrawalAddressOf: () => undefined}},
  {id: "to a vault that is not allowed", rules: {...rules, allowedVaults: new Set([`0x${"b2".repeat(20)}`])}},
])("awaits no deposit $id", (forbidding) => {
  expect(depositToSign(aStanding({}), forbidding.rules)).toBeUndefined();
});

it("wants nothing more of an index that gave its share, and of none once it is complete", () => {
  const settled = (changes: Changes) => [1, 2].map((index) => isSettled(exitToSign(aStanding(changes)) as Signable, index));
  expect([settled({}), settled({result})]).toEqual([
    [false, true],
    [true, true],
  ]);
});
