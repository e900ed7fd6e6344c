import {describe, expect, it} from "vitest";
import {createSplit, type SplitThreads} from "../../../../src/aggregator/exits/createSplit.js";
import {parsePublicKey, parseSignature, verifySignature, writeOwn} from "../../../../src/bls/curve.js";
import {recoverSignature} from "../../../../src/bls/threshold.js";
import {decrypt} from "../../../../src/ecies/ecies.js";
import {generatePrivateKey, publicKeyOf} from "../../../../src/ecies/keys.js";
import {blind, randomCoefficients} from "../../../../src/exits/splitExit.js";
import {type SplitTask, splitForOracles} from "../../../../src/exits/splitForOracles.js";
import {fromHex, toHex} from "../../../../src/runtime/hex.js";
import {aSecretKey} from "../../../support/examples/keys.js";

const secretKey = aSecretKey("a validator");
const rootOf = (position: number): Uint8Array => new Uint8Array(32).fill(position);
const exitAt = (position: number) => ({
  signature: writeOwn(secretKey.sign(rootOf(position))),
  publicKey: writeOwn(secretKey.toPublicKey()),
  root: rootOf(position),
});
const privateKeys = Array.from({length: 5}, generatePrivateKey);
const oracleSet = {publicKeys: privateKeys.map(publicKeyOf), threshold: 3};

/** Does the work of the threads here, and records it. */
function recordTasks() {
  const tasks: SplitTask[] = [];
  const threads: SplitThreads = {
    count: 1,
    run: async (task) => {
      tasks.push(task);
      return splitForOracles(task);
    },
    stop: async () => {},
  };
  return {tasks, threads};
}

type Split = Awaited<ReturnType<ReturnType<typeof createSplit>>>;

/** The exit that any three oracles recover. */
function recoverFrom({public_keys, encrypted_exit_signatures}: Split, position: number): string {
  const shards = encrypted_exit_signatures.map((ciphertext, oracle) =>
    parseSignature(decrypt(privateKeys[oracle] as Uint8Array, fromHex(ciphertext))),
  );
  for (const [oracle, shard] of shards.entries())
    expect(verifySignature(parsePublicKey(fromHex(public_keys[oracle] as string)), rootOf(position), shard)).toBe(true);
  return toHex(recoverSignature(new Map([1, 3, 5].map((index) => [index, shards[index - 1] as never]))).toBytes());
}

describe("exits that are split together", () => {
  it("are each split on their own, with ciphertexts of their own", async () => {
    const {threads} = recordTasks();
    const split = createSplit(threads);
    const results = await Promise.all([1, 2, 3].map((position) => split(exitAt(position), oracleSet)));
    for (const [at, result] of results.entries())
      expect(recoverFrom(result, at + 1)).toBe(toHex(secretKey.sign(rootOf(at + 1)).toBytes()));
    expect(new Set(results.flatMap(({encrypted_exit_signatures}) => encrypted_exit_signatures)).size).toBe(15);
    expect(new Set(results.flatMap(({public_keys}) => public_keys)).size).toBe(15);
  });

  it("are at most eight, and of one oracle set", async () => {
    const {tasks, threads} = recordTasks();
    const split = createSplit(threads);
    const other = {...oracleSet, threshold: 2};
    await Promise.all(Array.from({length: 20}, (_, at) => split(exitAt(at), at % 5 === 0 ? other : oracleSet)));
    expect(tasks.every(({exits}) => exits.length <= 8)).toBe(true);
    expect(tasks.reduce((sum, {exits}) => sum + exits.length, 0)).toBe(20);
    expect(tasks.filter(({threshold}) => threshold === 2).reduce((sum, {exits}) => sum + exits.length, 0)).toBe(4);
    expect(tasks.length).toBeLessThan(8);
  });

  it("fail alone where one cannot be read", async () => {
    const split = createSplit(recordTasks().threads);
    const broken = {...exitAt(2), signature: new Uint8Array(192).fill(255)};
    const results = await Promise.allSettled([exitAt(1), broken, exitAt(3)].map((exit) => split(exit, oracleSet)));
    expect(results.map(({status}) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  });

  it("leave no signature behind", async () => {
    const {threads} = recordTasks();
    for (const split of [createSplit(threads), createSplit(undefined)]) {
      const exits = [exitAt(1), {...exitAt(2), blinding: blind(rootOf(2), randomCoefficients(3))}];
      await Promise.all(exits.map((exit) => split(exit, oracleSet)));
      for (const {signature} of exits) expect(signature.every((byte) => byte === 0)).toBe(true);
    }
  });

  it("go to no thread if the blinding is there already", async () => {
    const {tasks, threads} = recordTasks();
    const exit = {...exitAt(1), blinding: blind(rootOf(1), randomCoefficients(3))};
    const result = await createSplit(threads)(exit, oracleSet);
    expect(recoverFrom(result, 1)).toBe(toHex(secretKey.sign(rootOf(1)).toBytes()));
    expect(tasks).toEqual([]);
  });
});
