import {readFileSync} from "node:fs";
import {describe, expect, it} from "vitest";
import {loadDefinition} from "../../../../src/clusters/loadDefinition.js";
import {isSsvKeyshares} from "../../../../src/clusters/ssv/ssvKeyshares.js";
import {toHex} from "../../../../src/runtime/hex.js";
import {badPublicKeys, badSignatures} from "../../../support/examples/badPoints.js";
import {aSecretKey} from "../../../support/examples/keys.js";
import {anSsvCluster, type Keyshares, type KeysharesEntry} from "../../../support/examples/ssvCluster.js";
import {fixture, useFolder} from "../../../support/files.js";

const folder = useFolder();
const {file: good} = anSsvCluster();
const load = (content: unknown, options = {}) => loadDefinition(folder.write("keyshares.json", content), "hoodi", options);
const copy = (): Keyshares => structuredClone(good);
const publicKeysOf = ({shares}: Keyshares): string[] => shares.map(({payload}) => payload.publicKey);

describe("a keyshares file that another program wrote", () => {
  it.each([
    {id: "ssv-dkg", path: ["ssv-dkg", "keyshares.json"], operators: [11, 22, 33, 44]},
    {id: "ssv-keys", path: ["ssv-keys", "multi-shares.json"], operators: [123, 456, 777, 789]},
    {id: "ssv-keys, the format before", path: ["ssv-keys", "old-shares.json"], operators: [5, 6, 7, 8]},
  ])("is read, its owner signature verified: $id", async ({path, operators}) => {
    const file = JSON.parse(readFileSync(fixture(...path), "utf8"));
    const unverified: string[] = [];
    const definition = await loadDefinition(fixture(...path), "mainnet", {onUnverified: (it: string) => unverified.push(it)});
    expect(definition).toMatchObject({type: "SSV", network: "mainnet", threshold: 3});
    const shares = [...definition.validators].map(([key, {publicKeyShares}]) => [key, [...publicKeyShares.keys()]]);
    expect(shares).toEqual([[(file.shares?.[0] ?? file).payload.publicKey, operators]]);
    expect(unverified).toEqual([]);
  });
});

describe("a keyshares file", () => {
  it.each([
    {n: 4, threshold: 3},
    {n: 7, threshold: 5},
    {n: 10, threshold: 7},
    {n: 13, threshold: 9},
  ])("reads a cluster of $n operators, $threshold of whom sign", async ({n, threshold}) => {
    const ids = Array.from({length: n}, (_, position) => 5 + position * position * 31);
    const definition = await anSsvCluster({ids, validators: 1}).definition();
    expect(definition.threshold).toBe(threshold);
    expect([...definition.validators.values()].map(({publicKeyShares}) => [...publicKeyShares.keys()])).toEqual([ids]);
  });

  it("reads several validators of the same operators as one cluster", async () => {
    expect([...(await load(good)).validators.keys()]).toEqual(publicKeysOf(good));
  });

  it("takes hex in any case", async () => {
    const file = copy();
    for (const {data, payload} of file.shares) {
      data.ownerAddress = String(data.ownerAddress).toLowerCase();
      payload.publicKey = `0x${payload.publicKey.slice(2).toUpperCase()}`;
      payload.sharesData = `0x${payload.sharesData.slice(2).toUpperCase()}`;
    }
    expect([...(await load(file)).validators.keys()]).toEqual(publicKeysOf(good));
  });

  it("takes operators in any order: the shares are in the payload's", async () => {
    const ids = [900, 5, 1042, 123];
    const {file, validators} = anSsvCluster({ids, validators: 1});
    file.shares[0]?.data.operators?.reverse();
    const [validator] = (await load(file)).validators.values();
    const read = [...(validator?.publicKeyShares ?? [])].map(([id, share]) => [id, toHex(share.toBytes())]);
    const dealt = ids.map((id, at) => [id, toHex(validators[0]?.secretShares[at]?.toPublicKey().toBytes() ?? new Uint8Array())]);
    expect(read).toEqual(dealt);
  });

  it("takes the largest operator id that there may be", async () => {
    const ids = [1, 2 ** 30, 2 ** 31 - 2, 2 ** 31 - 1];
    const [validator] = (await anSsvCluster({ids, validators: 1}).definition()).validators.values();
    expect([...(validator?.publicKeyShares.keys() ?? [])]).toEqual(ids);
  });

  it.each([
    {id: "does not name its owner", data: {ownerAddress: null, ownerNonce: null}},
    {id: "has no nonce", data: {ownerNonce: undefined}},
    {id: "says no more than the payload", data: {ownerAddress: null, ownerNonce: null, publicKey: null, operators: null}},
  ])("refuses a file that $id, but where nobody asks for it", async ({data}) => {
    const file = copy();
    Object.assign(file.shares[1]?.data ?? {}, data);
    await expect(load(file)).rejects.toMatchObject({
      code: "OWNER_SIGNATURE_INVALID",
      message: expect.stringContaining("shares[1]"),
    });
    const told: string[] = [];
    const {validators} = await load(file, {verify: false, onUnverified: (problem: string) => told.push(problem)});
    expect(validators.size).toBe(2);
    expect(told).toEqual([expect.stringContaining("owner signatures of 2 validators")]);
  });

  it("does not check the owner signature without verification", async () => {
    const file = copy();
    for (const {data} of file.shares) data.ownerNonce = 99;
    const told: string[] = [];
    expect((await load(file, {verify: false, onUnverified: (it: string) => told.push(it)})).validators.size).toBe(2);
    expect(told).toEqual([expect.stringContaining("owner signatures of 2 validators")]);
  });

  const stranger = toHex(aSecretKey("a stranger").toPublicKey().toBytes());
  /** Replaces so many bytes of sharesData from there on. */
  const put = (entry: KeysharesEntry, at: number, bytes: Uint8Array, length = bytes.length): void => {
    const data = Buffer.from(entry.payload.sharesData.slice(2), "hex");
    entry.payload.sharesData = toHex(Buffer.concat([data.subarray(0, at), bytes, data.subarray(at + length)]));
  };
  const setIds = ({data, payload}: KeysharesEntry, ids: number[]): void => {
    payload.operatorIds = ids;
    data.operators = ids.map((id) => ({id, operatorKey: ""}));
  };
  const {file: other} = anSsvCluster({ids: [5, 123, 900, 1043], validators: 1});
  const {file: low} = anSsvCluster({threshold: 2, validators: 1});
  const {file: high} = anSsvCluster({threshold: 4, validators: 1});

  const invalid: {id: string; change: (entry: KeysharesEntry, file: Keyshares) => unknown; told?: string}[] = [
    {id: "no validator", change: (_, file) => file.shares.splice(0), told: ""},
    {id: "null for its validators", change: (_, file) => Object.assign(file, {shares: null}), told: ""},
    {id: "no payload", change: (_, file) => Object.assign(file.shares[1] ?? {}, {payload: undefined}), told: "/shares/1"},
    {id: "an id that is text", change: (entry) => setIds(entry, ["5", 123, 900, 1042] as never), told: "/shares/1"},
    {id: "a fraction of an id", change: (entry) => setIds(entry, [5.5, 123, 900, 1042]), told: "/shares/1"},
    {id: "operator 0", change: (entry) => setIds(entry, [0, 123, 900, 1042]), told: "/shares/1"},
    {id: "sharesData without 0x", change: ({payload}) => Object.assign(payload, {sharesData: "00"}), told: "/shares/1"},
    {id: "half a byte", change: ({payload}) => Object.assign(payload, {sharesData: "0x0"}), told: "/shares/1"},
    {id: "an operator id of 2^31", change: (entry) => setIds(entry, [5, 123, 900, 2 ** 31])},
    {id: "an operator id of 2^53 - 1", change: (entry) => setIds(entry, [5, 123, 900, Number.MAX_SAFE_INTEGER])},
    {id: "an operator twice", change: (entry) => setIds(entry, [5, 123, 900, 900])},
    {id: "three operators", change: (entry) => setIds(entry, [5, 123, 900])},
    {id: "no operators", change: (entry) => setIds(entry, [])},
    {id: "five operators", change: (entry) => setIds(entry, [5, 123, 900, 1042, 1043])},
    {
      id: "sixteen operators",
      change: (entry) =>
        setIds(
          entry,
          Array.from({length: 16}, (_, at) => at + 1),
        ),
    },
    {id: "other operators than the first validator's", change: (entry) => Object.assign(entry, other.shares[0])},
    {id: "the first validator twice", change: (entry, file) => Object.assign(entry, file.shares[0])},
    {id: "sharesData that is a byte short", change: (entry) => put(entry, 1311, new Uint8Array(), 1)},
    {id: "sharesData that is a byte long", change: (entry) => put(entry, 1312, new Uint8Array(1), 0)},
    {id: "sharesData without its signature", change: (entry) => put(entry, 0, new Uint8Array(), 96)},
    {id: "empty sharesData", change: ({payload}) => Object.assign(payload, {sharesData: "0x"})},
    {id: "data of another validator", change: ({data}) => Object.assign(data, {publicKey: stranger})},
    {id: "data of another operator", change: ({data}) => data.operators?.splice(0, 1, {id: 6, operatorKey: ""})},
    {id: "data of an operator less", change: ({data}) => data.operators?.pop()},
    ...badPublicKeys
      .filter(({bytes}) => bytes.length === 48)
      .flatMap(({id, bytes}) => [
        {
          id: `a key that is ${id}`,
          change: ({data, payload}: KeysharesEntry) =>
            [data, payload].forEach((it) => {
              it.publicKey = toHex(bytes);
            }),
        },
        {id: `a share that is ${id}`, change: (entry: KeysharesEntry) => put(entry, 96 + 3 * 48, bytes)},
      ]),
  ];
  it.each(invalid)("refuses $id, and names the place", async ({change, told = "shares[1]"}) => {
    const file = copy();
    change(file.shares[1] as KeysharesEntry, file);
    await expect(load(file)).rejects.toMatchObject({
      code: "KEYSHARES_INVALID",
      message: expect.stringMatching(new RegExp(`^read .*keyshares\\.json.*${told.replace(/[[\]]/g, "\\$&")}`, "s")),
    });
  });

  it.each([
    {id: "another nonce", change: ({data}: KeysharesEntry) => Object.assign(data, {ownerNonce: 0})},
    {id: "another owner", change: ({data}: KeysharesEntry) => Object.assign(data, {ownerAddress: `0x${"11".repeat(20)}`})},
    {
      id: "the signature of another key",
      change: (entry: KeysharesEntry) => put(entry, 0, aSecretKey().sign(new Uint8Array(32)).toBytes()),
    },
    ...badSignatures
      .filter(({bytes}) => bytes.length === 96)
      .map(({id, bytes}) => ({id: `a signature that is ${id}`, change: (entry: KeysharesEntry) => put(entry, 0, bytes)})),
  ])("refuses $id, and names the place", async ({change}) => {
    const file = copy();
    change(file.shares[1] as KeysharesEntry);
    await expect(load(file)).rejects.toMatchObject({
      code: "OWNER_SIGNATURE_INVALID",
      message: expect.stringContaining("keyshares.json, shares[1]: "),
    });
  });

  const shareAt = (entry: KeysharesEntry, position: number): Uint8Array =>
    Buffer.from(entry.payload.sharesData.slice(2), "hex").subarray(96 + 48 * position, 96 + 48 * (position + 1));
  it.each([
    {
      id: "a share that is somebody else's",
      change: (entry: KeysharesEntry) => put(entry, 96 + 3 * 48, aSecretKey("a stranger").toPublicKey().toBytes()),
    },
    {id: "a share twice", change: (entry: KeysharesEntry) => put(entry, 96, shareAt(entry, 3))},
    {id: "operators in each other's place", change: (entry: KeysharesEntry) => setIds(entry, [123, 5, 900, 1042])},
    {
      id: "a lower threshold than its number of operators has",
      change: (entry: KeysharesEntry) => Object.assign(entry, low.shares[0]),
    },
    {id: "a higher one", change: (entry: KeysharesEntry) => Object.assign(entry, high.shares[0])},
  ])("refuses $id, and names the place", async ({change}) => {
    const file = copy();
    change(file.shares[1] as KeysharesEntry);
    await expect(load(file)).rejects.toMatchObject({
      code: "CLUSTER_SHARES_INCONSISTENT",
      message: expect.stringContaining("keyshares.json, shares[1]: "),
    });
  });

  it("says of the format before which file, and needs no place", async () => {
    const [entry] = copy().shares as [KeysharesEntry];
    expect((await load(entry)).validators.size).toBe(1);
    setIds(entry, [5, 123, 900]);
    await expect(load(entry)).rejects.toMatchObject({message: expect.stringMatching(/keyshares\.json: it has 3 operators/)});
  });

  it("refuses shares that are no list", async () => {
    await expect(load({shares: {}})).rejects.toMatchObject({code: "KEYSHARES_INVALID"});
  });
});

describe("isSsvKeyshares", () => {
  it.each([
    {id: "a file of several validators", value: good, is: true},
    {id: "one that is wrong", value: {shares: 1}, is: true},
    {id: "one of a single validator", value: good.shares[0], is: true},
    {id: "an Obol lock", value: {cluster_definition: {}, distributed_validators: []}, is: false},
    {id: "data alone", value: {data: {}}, is: false},
    {id: "a list", value: [], is: false},
    {id: "null", value: null, is: false},
    {id: "text", value: "shares", is: false},
  ])("tells $id", ({value, is}) => {
    expect(isSsvKeyshares(value)).toBe(is);
  });
});
