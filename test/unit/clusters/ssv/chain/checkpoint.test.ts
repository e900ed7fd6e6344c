import {readFileSync} from "node:fs";
import {describe, expect, it} from "vitest";
import {readCheckpoint, writeCheckpoint} from "../../../../../src/clusters/ssv/chain/checkpoint.js";
import {applyEvents, emptyRegistry, type Registry, toOperatorSet} from "../../../../../src/clusters/ssv/chain/registry.js";
import {toHex} from "../../../../../src/runtime/hex.js";
import {anOwner, aRegistration, operators} from "../../../../support/chain/ssvContract.js";
import {useFolder} from "../../../../support/files.js";

const folder = useFolder();
const of = {network: "hoodi", contract: anOwner()} as const;
const owner = anOwner();
const registrations = [0, 1].map((nonce) => aRegistration({owner, nonce}));

const events = registrations.map(({sharesData, publicKey}) => ({
  kind: "added" as const,
  owner,
  operatorIds: operators.map(BigInt),
  publicKey,
  block: 7,
  sharesData: toHex(sharesData),
}));
const aRegistry = async (): Promise<Registry> => ({
  ...(await applyEvents(emptyRegistry([toOperatorSet(operators), "1,2,3,4"], 7), events, () => {})),
  nextBlock: 1000,
  finalBlock: {number: 1200, hash: `0x${"ab".repeat(32)}`},
});

const comparable = ({registered, ...rest}: Registry) => ({
  ...rest,
  registered: [...registered].map(([key, {validator, ...one}]) => [
    key,
    one,
    validator.publicKeyHex,
    validator.encryptedKeyShares,
  ]),
});

type File = {
  network: string;
  contract: string;
  operator_sets: number[][];
  validators: {public_key: string; operator_ids: number[]; owner: string; nonce: number; shares_data: string}[];
};
const written = async (change: (file: File) => unknown): Promise<string> => {
  const path = folder.fresh();
  await writeCheckpoint(path, of, await aRegistry());
  const file = JSON.parse(readFileSync(path, "utf8")) as File;
  change(file);
  return folder.write("changed.json", file);
};

describe("a checkpoint", () => {
  it("gives back what was written", async () => {
    const path = folder.fresh();
    const registry = await aRegistry();
    expect(registry.registered.size).toBe(2);
    await writeCheckpoint(path, of, registry);
    expect(comparable((await readCheckpoint(path, of)) as Registry)).toEqual(comparable(registry));
  });

  it("of nothing yet is given back too", async () => {
    const path = folder.fresh();
    const registry = emptyRegistry(["1,2,3,4"], 1065);
    await writeCheckpoint(path, of, registry);
    expect(await readCheckpoint(path, of)).toEqual(registry);
  });

  it.each([
    {id: "there is no file", path: () => folder.fresh()},
    {id: "it is empty, as a power cut leaves it", path: () => folder.write("empty.json", "")},
    {id: "it is cut off", path: () => folder.write("torn.json", '{"version": 1, "network": "ho')},
  ])("is nothing where $id", async ({path}) => {
    expect(await readCheckpoint(path(), of)).toBeUndefined();
  });

  it.each<{id: string; change: (file: File) => unknown}>([
    {id: "of another network", change: (file) => Object.assign(file, {network: "mainnet"})},
    {id: "of another contract", change: (file) => Object.assign(file, {contract: anOwner()})},
    {id: "of another version", change: (file) => Object.assign(file, {version: 2})},
    {id: "with an unknown field", change: (file) => Object.assign(file, {more: 1})},
    {id: "with operators that are no cluster", change: (file) => file.operator_sets.push([1, 2, 3])},
    {id: "with another owner", change: ({validators: [one]}) => Object.assign(one ?? {}, {owner: anOwner()})},
    {id: "with another nonce", change: ({validators: [one]}) => Object.assign(one ?? {}, {nonce: 5})},
    {id: "with another key", change: ({validators: [one, two]}) => Object.assign(one ?? {}, {public_key: two?.public_key})},
    {id: "with other operators", change: ({validators: [one]}) => Object.assign(one ?? {}, {operator_ids: [1, 2, 3, 4]})},
    {
      id: "with a share of another validator",
      change: ({validators: [one, two]}) =>
        Object.assign(one ?? {}, {shares_data: `${one?.shares_data.slice(0, 194)}${two?.shares_data.slice(194)}`}),
    },
  ])("$id is refused", async ({change}) => {
    await expect(readCheckpoint(await written(change), of)).rejects.toMatchObject({code: "SSV_CHECKPOINT_INVALID"});
  });

  it("that is not JSON is refused", async () => {
    await expect(readCheckpoint(folder.write("text.json", "{]"), of)).rejects.toMatchObject({code: "SSV_CHECKPOINT_INVALID"});
  });

  it("that cannot be read is refused", async () => {
    await expect(readCheckpoint(folder.path(), of)).rejects.toMatchObject({code: "FILE_UNREADABLE"});
  });
});
