import {InvalidArgumentError} from "commander";
import type {Consolidation, KeyAmount} from "../../../vaults/validatorsManager.js";

const isKey = (text: string): boolean => /^0x[0-9a-fA-F]{96}$/.test(text);

/** "a=b,c=d", as pairs whose left side is a public key. */
const toPairs = (text: string, expected: string): [string, string][] =>
  text.split(",").map((part) => {
    const [key = "", value = "", ...more] = part.trim().split("=");
    if (!isKey(key) || value === "" || more.length > 0) throw new InvalidArgumentError(`Expected ${expected}.`);
    return [key.toLowerCase(), value];
  });

const amountsExpected = "public keys with amounts of ETH (mGNO on Gnosis) or `full`, such as 0x…=1.5,0x…=full";

/** "0x…=1.5,0x…=full": in ETH, to gwei; `full` to 0, which exits the validator. A 0 is a mistake more often than an exit. */
export const withdrawals = (text: string): KeyAmount[] =>
  toPairs(text, amountsExpected).map(([publicKey, value]) => {
    if (value === "full") return {publicKey, amount: 0};
    const [, whole = "", fraction = ""] = /^([0-9]{1,7})(?:\.([0-9]{1,9}))?$/.exec(value) ?? [];
    const amount = Number(whole) * 1_000_000_000 + Number(fraction.padEnd(9, "0"));
    if (whole === "" || amount === 0) throw new InvalidArgumentError(`Expected ${amountsExpected}.`);
    return {publicKey, amount};
  });

/** "0xsource=0xtarget,…": the same key twice switches it to 0x02. */
export const consolidations = (text: string): Consolidation[] => {
  const expected = "public keys of sources and targets, such as 0x…=0x…";
  return toPairs(text, expected).map(([source, target]) => {
    if (!isKey(target)) throw new InvalidArgumentError(`Expected ${expected}.`);
    return {source, target: target.toLowerCase()};
  });
};
