import {expect, it} from "vitest";
import {DepositData, DepositMessage} from "../../../src/consensus/deposit.js";
import {
  byteListRoot,
  byteVectorRoot,
  containerRoot,
  listRoot,
  uint64ListRoot,
  uint64Root,
} from "../../../src/consensus/sszRoots.js";
import {toHex} from "../../../src/runtime/hex.js";

const deposit = {
  pubkey: new Uint8Array(48).fill(1),
  withdrawalCredentials: new Uint8Array(32).fill(2),
  amount: 32_000_000_000n,
  signature: new Uint8Array(96).fill(3),
};
const fields = [byteVectorRoot(deposit.pubkey), byteVectorRoot(deposit.withdrawalCredentials), uint64Root(deposit.amount)];

it("is the root of a typed container when its fields' roots are put together", () => {
  expect(toHex(containerRoot(fields))).toBe(toHex(DepositMessage.hashTreeRoot(deposit)));
  expect(toHex(containerRoot([...fields, byteVectorRoot(deposit.signature)]))).toBe(toHex(DepositData.hashTreeRoot(deposit)));
});

it("is zero of a container without fields, and the field itself of one", () => {
  expect(containerRoot([])).toEqual(new Uint8Array(32));
  expect(containerRoot([deposit.withdrawalCredentials])).toEqual(deposit.withdrawalCredentials);
});

it("distinguishes a list from one with another length or with trailing zeros", () => {
  const zero = new Uint8Array(32);
  const roots = [listRoot([], 4), listRoot([zero], 4), listRoot([zero, zero], 4), listRoot([zero], 8)].map(toHex);
  expect(new Set(roots).size).toBe(4);
  const texts = ["", "\0", "\0\0"].map((text) => toHex(byteListRoot(Buffer.from(text), 64)));
  expect(new Set(texts).size).toBe(3);
  expect(toHex(uint64ListRoot([], 4))).not.toBe(toHex(uint64ListRoot([0n], 4)));
});

it("counts modulo 2^64, as a negative time does in Go", () => {
  expect(uint64Root(-1n)).toEqual(uint64Root(2n ** 64n - 1n));
});
