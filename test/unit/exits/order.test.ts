import {createHash} from "node:crypto";
import fc from "fast-check";
import {describe, expect, it} from "vitest";
import type {Deposit} from "../../../schemas/deposit.js";
import type {OrderEntry} from "../../../schemas/order.js";
import {
  cutIntoOrders,
  entryDigestOf,
  type OrderDigests,
  orderContent,
  orderDigestsOf,
  orderIdOf,
} from "../../../src/exits/order.js";
import {aDeposit, aSignature, publicKey} from "../../support/examples/messages.js";

const sha256 = (hex: string): string => `0x${createHash("sha256").update(Buffer.from(hex, "hex")).digest("hex")}`;
const runs = {seed: 20_260_101, numRuns: 300};

/** The order of the examples in docs/messages.md; its bytes, digests and id were computed with Python's struct and hashlib. */
const withDeposit: OrderEntry = {
  public_key: "0x9218e56200a9760c013ab39ebad8ed19f3173fa1c05365a4a51a3c3c5d80496fc0901edcef73b1cff913825a56e30876",
  validator_index: 1000,
  deposit: {vault: "0xa1b2c3d4e5f60718293a4b5c6d7e8f9001122334", amount: 32_000_000_000, validator_type: "0x01"},
};
const withoutDeposit: OrderEntry = {
  public_key: "0xa2fe45a693a4aabe1633b72c7832dff89de1045b9724bc51eb11c52a1ea5f1af4861d59d0bdba1dc5814da6cd55dbf30",
  validator_index: 1001,
};
const bytesWithDeposit = [
  // The public key.
  "9218e56200a9760c013ab39ebad8ed19f3173fa1c05365a4a51a3c3c5d80496fc0901edcef73b1cff913825a56e30876",
  // The index, 1000.
  "00000000000003e8",
  // There is a deposit: its vault, 32,000,000,000 gwei, and its type.
  "01",
  "a1b2c3d4e5f60718293a4b5c6d7e8f9001122334",
  "0000000773594000",
  "01",
].join("");
const bytesWithoutDeposit = [
  "a2fe45a693a4aabe1633b72c7832dff89de1045b9724bc51eb11c52a1ea5f1af4861d59d0bdba1dc5814da6cd55dbf30",
  "00000000000003e9",
  "00",
].join("");
const digests = [
  "0x00318e2850489a993fc0b26796a593d937701177cf95010525b84a8d9978af5b",
  "0x0d2a9142c4ad421f13d252ed5e8abe0540590e67b99be931ed3d580c4c492f6e",
];
const order: OrderDigests = {network: "hoodi", operatorId: "acme", requestedAt: 1_795_348_800_000, digests};
const content = [
  // "hoodi", "acme" and "1795348800000", a newline after each.
  "686f6f64690a",
  "61636d650a",
  "313739353334383830303030300a",
  "00318e2850489a993fc0b26796a593d937701177cf95010525b84a8d9978af5b",
  "0d2a9142c4ad421f13d252ed5e8abe0540590e67b99be931ed3d580c4c492f6e",
].join("");
const orderId = "0x08a84df80683e4e92dab19c795a5871f015bf8f0b0dfde81b8168ab885e0cf13";

describe("the digest of an entry", () => {
  it.each([
    {id: "with a deposit", entry: withDeposit, bytes: bytesWithDeposit, digest: digests[0]},
    {id: "without a deposit", entry: withoutDeposit, bytes: bytesWithoutDeposit, digest: digests[1]},
  ])("is the SHA-256 of its bytes $id", ({entry, bytes, digest}) => {
    expect(entryDigestOf(entry)).toBe(digest);
    expect(digest).toBe(sha256(bytes));
  });

  it("has a byte of its own for a rotation", () => {
    const bytes = bytesWithoutDeposit.replace(/00$/, "02");
    expect(entryDigestOf({...withoutDeposit, rotation: true})).toBe(sha256(bytes));
  });

  it("has room for the highest index and amount", () => {
    const deposit = aDeposit({amount: Number.MAX_SAFE_INTEGER});
    const highest = "001fffffffffffff";
    const bytes = `${publicKey.slice(2)}${highest}01${deposit.vault.slice(2)}${highest}01`;
    expect(entryDigestOf({public_key: publicKey, validator_index: Number.MAX_SAFE_INTEGER, deposit})).toBe(sha256(bytes));
  });

  it("is the same for hex in upper case", () => {
    const upper = (hex: string): string => `0x${hex.slice(2).toUpperCase()}`;
    const deposit = withDeposit.deposit as Deposit;
    const shouted = {
      ...withDeposit,
      public_key: upper(withDeposit.public_key),
      deposit: {...deposit, vault: upper(deposit.vault)},
    };
    expect(entryDigestOf(shouted)).toBe(digests[0]);
  });

  it("is another one if anything in it is another", () => {
    const bytesOf = (length: number) => fc.constantFrom("00", "01", "0a", "ff").map((byte) => `0x${byte.repeat(length)}`);
    const numbers = fc.oneof(fc.nat(3), fc.constantFrom(255, 256, 2 ** 32, 2 ** 53 - 1));
    const deposit = fc.record({
      vault: bytesOf(20),
      amount: numbers,
      validator_type: fc.constantFrom<Deposit["validator_type"]>("0x01", "0x02"),
    });
    const entry = fc.record(
      {public_key: bytesOf(48), validator_index: numbers, deposit, rotation: fc.constant(true as const)},
      {requiredKeys: ["public_key", "validator_index"]},
    );
    // Few values, so that two entries often differ in one field only.
    fc.assert(
      fc.property(entry, entry, (one, two) => {
        expect(entryDigestOf(one) === entryDigestOf(two)).toBe(JSON.stringify(one) === JSON.stringify(two));
      }),
      {...runs, numRuns: 2000},
    );
  });

  it.each([
    {field: "public_key", changed: {...withDeposit, public_key: withoutDeposit.public_key}},
    {field: "validator_index", changed: {...withDeposit, validator_index: 1001}},
    {field: "deposit", changed: {public_key: withDeposit.public_key, validator_index: 1000}},
    {field: "vault", changed: {...withDeposit, deposit: {...aDeposit(), vault: `0x${"00".repeat(20)}`}}},
    {field: "amount", changed: {...withDeposit, deposit: {...(withDeposit.deposit as Deposit), amount: 32_000_000_001}}},
    {field: "rotation", changed: {...withDeposit, rotation: true as const}},
    {
      field: "validator_type",
      changed: {...withDeposit, deposit: {...(withDeposit.deposit as Deposit), validator_type: "0x02" as const}},
    },
  ])("is another one with another $field", ({changed}) => {
    expect(entryDigestOf(changed)).not.toBe(entryDigestOf(withDeposit));
  });
});

describe("an order", () => {
  it("is signed over these bytes, and named by their SHA-256", () => {
    expect(Buffer.from(orderContent(order)).toString("hex")).toBe(content);
    expect(orderIdOf(order)).toBe(orderId);
    expect(orderId).toBe(sha256(content));
  });

  it.each([
    {id: "whole", entries: [withDeposit, withoutDeposit]},
    {id: "to one cluster", entries: [withDeposit, digests[1] as string]},
    {id: "to another", entries: [digests[0] as string, withoutDeposit]},
    {id: "to nobody", entries: digests},
  ])("has the same digests when it is shown $id", ({entries}) => {
    const shown = {operator_id: "acme", requested_at: 1_795_348_800_000, entries, signature: aSignature};
    expect(orderDigestsOf("hoodi", shown)).toEqual(order);
  });

  it.each([
    {id: "another network", changed: {...order, network: "mainnet"}},
    {id: "another operator", changed: {...order, operatorId: "acme2"}},
    {id: "another time", changed: {...order, requestedAt: order.requestedAt + 1}},
    {id: "another digest", changed: {...order, digests: [digests[0], digests[0]] as string[]}},
    {id: "its entries in another order", changed: {...order, digests: digests.toReversed()}},
    {id: "an entry less", changed: {...order, digests: digests.slice(0, 1)}},
    {id: "an entry twice", changed: {...order, digests: [...digests, digests[1] as string]}},
  ])("has another id with $id", ({changed}) => {
    expect(orderIdOf(changed)).not.toBe(orderId);
  });

  it("shares its bytes, and so its id, with no other", () => {
    // Digits and newlines everywhere, so that a part could be taken for the next one if anything let it.
    const digest = fc.constantFrom("0a", "31", "61").map((byte) => `0x${byte.repeat(32)}`);
    const orders = fc.record({
      network: fc.constantFrom("mainnet", "hoodi", "gnosis"),
      operatorId: fc.string({unit: fc.constantFrom("1", "a", "-"), minLength: 1, maxLength: 3}),
      requestedAt: fc.constantFrom(0, 1, 11, 111),
      digests: fc.array(digest, {minLength: 1, maxLength: 3}),
    });
    const hexOf = (it: OrderDigests): string => Buffer.from(orderContent(it)).toString("hex");
    fc.assert(
      fc.property(orders, orders, (one, two) => {
        const isSame = JSON.stringify(one) === JSON.stringify(two);
        expect(hexOf(one) === hexOf(two)).toBe(isSame);
        expect(orderIdOf(one) === orderIdOf(two)).toBe(isSame);
      }),
      {...runs, numRuns: 2000},
    );
  });
});

describe("a batch", () => {
  it.each([
    {count: 1, sizes: [1]},
    {count: 64, sizes: [64]},
    {count: 65, sizes: [64, 1]},
    {count: 1000, sizes: [...Array(15).fill(64), 40]},
  ])("of $count validators is cut into orders of $sizes", ({count, sizes}) => {
    const cut = cutIntoOrders(Array.from({length: count}, (_, position) => position));
    expect(cut.map(({length}) => length)).toEqual(sizes);
  });

  it("is cut without a change of the order", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(), {maxLength: 300}), (validators) => {
        const cut = cutIntoOrders(validators);
        expect(cut.flat()).toEqual(validators);
        expect(cut.every(({length}, position) => length === 64 || (position === cut.length - 1 && length > 0))).toBe(true);
      }),
      {...runs, numRuns: 100},
    );
  });
});
