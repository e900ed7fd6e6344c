import {describe, expect, it, onTestFinished} from "vitest";
import {networks} from "../../../src/consensus/networks.js";
import {depositKeyOf} from "../../../src/exits/depositId.js";
import {connectStore} from "../../../src/store/connect.js";
import {createDeposits, type DepositChange} from "../../../src/store/deposits.js";
import {pagesOf, readable} from "../../support/found.js";
import {createTestDatabase, silent} from "../../support/servers.js";
import {aDeposit} from "../../support/stage.js";

const network = networks.hoodi;
const clusterId = "c1";
const amountOf = (number: number): number => 32_000_000_000 + number;
const idOf = (number: number) => ({network, publicKey: `0x${"ab".repeat(48)}`, deposit: aDeposit({amount: amountOf(number)})});
const keyOf = (number: number): string => depositKeyOf(idOf(number));
const signatureBy = (writer: number): string => `0x${String(writer).repeat(192)}`;

const toKeep = (number: number, shareIndexes: readonly number[], writer = 1): DepositChange => ({
  id: idOf(number),
  clusterId,
  shares: new Map(shareIndexes.map((shareIndex) => [shareIndex, Uint8Array.of(shareIndex, writer)])),
});
const toRefuse = (number: number, shareIndex: number, requested_at = 1): DepositChange => ({
  id: idOf(number),
  clusterId,
  shareIndex,
  refusal: {code: "VAULT_NOT_ALLOWED", reason: "no", requested_at},
});
const toSign = (number: number, writer = 1): DepositChange => ({
  id: idOf(number),
  clusterId,
  signature: signatureBy(writer),
});

async function createStore() {
  const {url, db} = await createTestDatabase();
  const stores = await Promise.all([connectStore(url, silent), connectStore(url, silent)]);
  for (const {close} of stores) onTestFinished(close);
  const [deposits, others] = stores.map((store) => createDeposits(store.db, network, silent));
  if (!deposits || !others) throw new Error("no store");
  await deposits.createIndexes();
  return {
    deposits,
    others,
    write: (...changes: DepositChange[]) => deposits.write(changes, 1000),
    find: async (number: number) => readable((await deposits.findAll([idOf(number)])).get(keyOf(number))),
    document: (number: number) => db.collection<{_id: string}>("deposits").findOne({_id: keyOf(number)}),
  };
}

const none = new Set<string>();

describe("a deposit in the store", () => {
  it("says what it is of, and holds shares until its signature is there", async () => {
    const {write, find, document} = await createStore();
    expect(await write(toKeep(1, [1, 2]), toKeep(2, [2]))).toEqual(none);
    expect(await write(toKeep(1, [4]))).toEqual(none);
    expect((await find(1))?.shares).toEqual(new Map([1, 2, 4].map((it) => [it, Uint8Array.of(it, 1)])));
    expect(await document(1)).toMatchObject({
      network: "hoodi",
      public_key: idOf(1).publicKey,
      cluster_id: "c1",
      collecting: true,
      vault: aDeposit().vault,
      amount: amountOf(1),
      validator_type: "0x01",
    });
    expect(await write(toSign(1))).toEqual(none);
    expect(await find(1)).toEqual({shares: new Map(), refusals: new Map(), signature: signatureBy(1), published: false});
    expect(await document(1)).not.toHaveProperty("collecting");
  });

  it("keeps the first share of an index and the first signature, whoever comes second", async () => {
    const {write, find} = await createStore();
    await write(toKeep(1, [1]), toSign(3));
    expect(await write(toKeep(1, [1, 2], 2), toKeep(2, [2], 2), toSign(3, 2), toKeep(4, [1]))).toEqual(
      new Set([keyOf(1), keyOf(3)]),
    );
    expect((await find(1))?.shares).toEqual(new Map([[1, Uint8Array.of(1, 1)]]));
    expect((await find(3))?.signature).toBe(signatureBy(1));
    expect(await write(toKeep(3, [1]))).toEqual(new Set([keyOf(3)]));
  });

  it("is signed once when two write at once", async () => {
    const {deposits, others, find} = await createStore();
    for (let number = 0; number < 20; number++) {
      const [left, right] = await Promise.all([
        deposits.write([toSign(number, 1)], 1000),
        others.write([toSign(number, 2)], 1000),
      ]);
      expect(left.size + right.size).toBe(1);
      expect((await find(number))?.signature).toBe(signatureBy(left.size === 0 ? 1 : 2));
    }
  });

  it("has a sidecar's latest refusal, or its share, and never both", async () => {
    const {write, find} = await createStore();
    await write(toRefuse(1, 1, 1), toKeep(2, [1]));
    await write(toRefuse(1, 1, 2));
    await write(toRefuse(1, 2, 2));
    expect(await write(toRefuse(2, 1))).toEqual(new Set([keyOf(2)]));
    expect([...((await find(1))?.refusals ?? [])].map(([index, it]) => [index, it.requested_at])).toEqual([
      [1, 2],
      [2, 2],
    ]);
    await write(toKeep(1, [1]));
    const {shares, refusals} = (await find(1)) ?? {};
    expect([[...(shares?.keys() ?? [])], [...(refusals?.keys() ?? [])]]).toEqual([[1], [2]]);
  });

  it("forgets a share only as long as it is still that one", async () => {
    const {deposits, write, find} = await createStore();
    await write(toKeep(1, [1, 2]));
    await deposits.removeShare(idOf(1), 1, Uint8Array.of(9));
    await deposits.removeShare(idOf(1), 2, Uint8Array.of(2, 1));
    expect([...((await find(1))?.shares.keys() ?? [])]).toEqual([1]);
  });

  it("is owed until it is marked as published", async () => {
    const {deposits, write} = await createStore();
    await write(toSign(1), toSign(2), toKeep(3, [1]));
    expect(await pagesOf(deposits.findUnpublished(999, 10))).toEqual([]);
    await deposits.markPublished([idOf(1), idOf(3)]);
    expect(await pagesOf(deposits.findUnpublished(1000, 10))).toEqual([[{...idOf(2), signature: signatureBy(1)}]]);
    expect(await deposits.findSignatures([idOf(1), idOf(3), idOf(4)])).toEqual(new Map([[keyOf(1), signatureBy(1)]]));
  });

  it("is found page by page while something is held of it, and forgotten unless it is signed", async () => {
    const {deposits, write, find} = await createStore();
    await write(toKeep(1, [1]), toRefuse(2, 1), toSign(3), toKeep(4, [1]));
    const pages = await pagesOf(deposits.findCollecting(2));
    expect(pages.map((page) => page.length)).toEqual([2, 1]);
    expect(pages.flat().map(depositKeyOf).sort()).toEqual([keyOf(1), keyOf(2), keyOf(4)].sort());
    await deposits.drop([idOf(1), idOf(2), idOf(3)]);
    expect([await find(1), await find(2), (await find(3))?.signature]).toEqual([undefined, undefined, signatureBy(1)]);
    expect(await find(4)).toBeDefined();
  });
});
