import {describe, expect, it} from "vitest";
import type {Message} from "../../../../schemas/defineMessage.js";
import {type ExitShare, exitShare} from "../../../../schemas/exitShare.js";
import type {Aggregator} from "../../../../src/aggregator/aggregator.js";
import {handleShares} from "../../../../src/aggregator/exits/handleShares.js";
import type {SignatureShare, TakeShare} from "../../../../src/aggregator/shares/shareGroup.js";
import {toClusters} from "../../../../src/clusters/clusters.js";
import {networks} from "../../../../src/consensus/networks.js";
import {encrypt} from "../../../../src/ecies/ecies.js";
import {generatePrivateKey, publicKeyOf} from "../../../../src/ecies/keys.js";
import {DvtError} from "../../../../src/errors.js";
import type {ExitId} from "../../../../src/exits/exitId.js";
import {toExitShare} from "../../../../src/exits/toExitShare.js";
import {toHex} from "../../../../src/runtime/hex.js";
import {deliveryOf} from "../../../support/deliver.js";
import {aCluster} from "../../../support/examples/cluster.js";
import {publicKey as nobodys} from "../../../support/examples/messages.js";

const network = networks.hoodi;
const {definition} = aCluster({validators: 3});
const clusters = toClusters([{id: "c1", operatorIds: ["op-1"], ...definition, network: network.name}], []);
const validators = [...definition.validators.keys()];
const privateKeys = Array.from({length: 3}, generatePrivateKey);
const aggregator = {network, clusters, privateKeys} as unknown as Aggregator;

const signatureOf = (position: number): Uint8Array => new Uint8Array(96).fill(position + 1);
const signed = (publicKeys: readonly string[]) =>
  publicKeys.map((publicKey, position) => ({
    exit: {network, publicKey, validatorIndex: 1000 + position},
    signature: signatureOf(position),
  }));
const aMessage = (publicKeys = validators, key = privateKeys[0] as Uint8Array): ExitShare =>
  toExitShare({network, clusterId: "c1", shareIndex: 2}, signed(publicKeys), publicKeyOf(key));
const keyOf = (position: number, publicKey = validators[position]): string => `hoodi:${publicKey}:${1000 + position}`;

const handle = (message: ExitShare, take: TakeShare<ExitId>, settled: ReadonlySet<number> = new Set()) =>
  handleShares(aggregator, {...deliveryOf(exitShare as Message, message), settled}, take);

/** Keeps the shares, and a copy of what they hold at that moment. */
function recordShares(outcomeOf: TakeShare<ExitId> = async () => "collecting") {
  const shares: SignatureShare<ExitId>[] = [];
  const copies: Uint8Array[] = [];
  const take: TakeShare<ExitId> = (share) => {
    shares.push(share);
    copies.push(Uint8Array.from(share.bytes));
    return outcomeOf(share);
  };
  return {shares, copies, take};
}

describe("a message of shares", () => {
  it.each([0, 1, 2])("has each share taken, unencrypted and with its exit, under key %i of three", async (position) => {
    const {shares, copies, take} = recordShares(async ({id}) => `${id.validatorIndex}`);
    const outcomes = await handle(aMessage(validators, privateKeys[position]), take);
    expect(outcomes).toEqual([0, 1, 2].map((of) => ({exit: keyOf(of), outcome: `${1000 + of}`})));
    expect(copies).toEqual([0, 1, 2].map(signatureOf));
    expect(shares.map(({key, clusterId, shareIndex, threshold}) => ({key, clusterId, shareIndex, threshold}))).toEqual(
      [0, 1, 2].map((of) => ({key: keyOf(of), clusterId: "c1", shareIndex: 2, threshold: 3})),
    );
    const publicKeyShares = validators.map((key) => definition.validators.get(key)?.publicKeyShares.get(2));
    expect(shares.map(({publicKeyShare}) => publicKeyShare)).toEqual(publicKeyShares);
  });

  it("has the others taken where one is of an unknown validator, or fails", async () => {
    const [first, , last] = validators as [string, string, string];
    const failing = new DvtError("STORE_UNAVAILABLE", "reach mongodb: it is unavailable");
    const {take} = recordShares(async ({id}) => {
      if (id.publicKey === last) throw failing;
      return "collecting";
    });
    expect(await handle(aMessage([first, nobodys, last]), take)).toEqual([
      {exit: keyOf(0), outcome: "collecting"},
      {exit: keyOf(1, nobodys), outcome: expect.objectContaining({code: "VALIDATOR_UNKNOWN"})},
      {exit: keyOf(2), outcome: failing},
    ]);
  });

  it("has those taken that an earlier delivery did not settle", async () => {
    const {shares, take} = recordShares();
    expect(await handle(aMessage(), take, new Set([0, 2]))).toHaveLength(3);
    expect(shares.map(({key}) => key)).toEqual([keyOf(1)]);
  });

  it.each([
    {id: "that is encrypted to somebody else", key: generatePrivateKey(), bytes: 288},
    {id: "with one share too few", key: privateKeys[0] as Uint8Array, bytes: 192},
    {id: "with one share too many", key: privateKeys[0] as Uint8Array, bytes: 384},
    {id: "with a byte too few", key: privateKeys[0] as Uint8Array, bytes: 287},
    {id: "with a byte too many", key: privateKeys[0] as Uint8Array, bytes: 289},
  ])("$id is refused as a whole with SHARE_UNDECRYPTABLE", async ({key, bytes}) => {
    const {shares, take} = recordShares();
    const message = {...aMessage(), encrypted_signatures: toHex(encrypt(publicKeyOf(key), new Uint8Array(bytes).fill(7)))};
    await expect(handle(message, take)).rejects.toMatchObject({code: "SHARE_UNDECRYPTABLE"});
    expect(shares).toEqual([]);
  });
});

describe("the unencrypted shares", () => {
  const held = (shares: readonly SignatureShare<ExitId>[]): Uint8Array[] => shares.map(({bytes}) => Uint8Array.from(bytes));
  const overwritten = validators.map(() => new Uint8Array(96));

  it("are overwritten once all of them have their outcome, and not before", async () => {
    let end = (_: string): void => {};
    const last = new Promise<string>((resolve) => {
      end = resolve;
    });
    const {shares, take} = recordShares(({id}) => (id.validatorIndex === 1001 ? last : Promise.resolve("late")));
    const handling = handle(aMessage(), take);
    await expect.poll(() => shares.length).toBe(3);
    expect(held(shares)).toEqual([0, 1, 2].map(signatureOf));
    end("completed");
    await handling;
    expect(held(shares)).toEqual(overwritten);
  });

  it.each([
    {id: "later", fail: async () => Promise.reject(new Error("no"))},
    {
      id: "at once",
      fail: () => {
        throw new Error("no");
      },
    },
  ])("are overwritten when each of them fails, $id", async ({fail}) => {
    const {shares, take} = recordShares(fail);
    await handle(aMessage(), take);
    expect(held(shares)).toEqual(overwritten);
  });
});
