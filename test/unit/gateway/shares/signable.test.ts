import {expect, it} from "vitest";
import {networks} from "../../../../src/consensus/networks.js";
import type {ExitProgress} from "../../../../src/gateway/progress/readProgress.js";
import {depositToSign, exitToSign, isSettled, type Signable} from "../../../../src/gateway/shares/signable.js";
import type {StoredRequest} from "../../../../src/store/requestDocument.js";

const anExit = {network: networks.hoodi, publicKey: `0x${"ab".repeat(48)}`, validatorIndex: 7};
const aDeposit = {vault: `0x${"a1".repeat(20)}`, amount: 32_000_000_000, validator_type: "0x01"} as const;
const result = {public_keys: [], encrypted_exit_signatures: [], aggregator_signature: ""};

type Changes = Partial<ExitProgress> & {state?: StoredRequest["state"]; signature?: string; isExpired?: boolean};
const someProgress = ({state = "open", signature, isExpired = false, ...changes}: Changes): ExitProgress => ({
  ...({exit: anExit, head: {state} as StoredRequest, result: undefined, held: new Set([2])} as unknown as ExitProgress),
  deposit: {id: {...anExit, deposit: aDeposit}, isExpired, signature, held: new Set([3]), refusals: new Map()},
  ...changes,
});

const rules = {withdrawalAddressOf: () => aDeposit.vault};

it.each([
  {id: "open", progress: {}, exit: false, deposit: false},
  {id: "whose exit is complete", progress: {result}, exit: true, deposit: false},
  {id: "whose deposit is signed", progress: {signature: "0x"}, exit: false, deposit: true},
  {id: "without a deposit", progress: {deposit: undefined}, exit: false, deposit: undefined},
  {id: "answered, the deposit expired", progress: {state: "answered", result, isExpired: true}, exit: true, deposit: undefined},
  {id: "expired", progress: {state: "expired"}, exit: undefined, deposit: undefined},
  {id: "expired and completed all the same", progress: {state: "expired", result, signature: "0x"}, exit: true, deposit: true},
] as const)("shows for one that is $id what is awaited, and whether it is complete", ({progress, exit, deposit}) => {
  const one = someProgress(progress);
  expect({exit: exitToSign(one)?.isComplete, deposit: depositToSign(one, rules)?.isComplete}).toEqual({exit, deposit});
});

it.each([
  {id: "to a vault other than the definition's", rules: {withdrawalAddressOf: () => `0x${"b2".repeat(20)}`}},
  {id: "of a definition that names none", rules: {withdrawalAddressOf: () => undefined}},
  {id: "to a vault that is not allowed", rules: {...rules, allowedVaults: new Set([`0x${"b2".repeat(20)}`])}},
])("awaits no deposit $id", (forbidding) => {
  expect(depositToSign(someProgress({}), forbidding.rules)).toBeUndefined();
});

it("needs nothing more from an index that gave its share, and from none once it is complete", () => {
  const settled = (changes: Changes) => [1, 2].map((index) => isSettled(exitToSign(someProgress(changes)) as Signable, index));
  expect([settled({}), settled({result})]).toEqual([
    [false, true],
    [true, true],
  ]);
});
