import {describe, expect, it} from "vitest";
import type {OpenGroup, ShareGroup, SignatureShare} from "../../../../src/aggregator/shares/shareGroup.js";
import {type CompletedGroup, type ShareSteps, takeBatch} from "../../../../src/aggregator/shares/takeBatch.js";
import type {SecretKey} from "../../../../src/bls/curve.js";
import {DvtError} from "../../../../src/errors.js";
import {createLogger} from "../../../../src/runtime/logger.js";
import {deal, idsUpTo, scalars} from "../../../support/examples/keys.js";

const logger = createLogger({role: "test", level: "silent", format: "json"});
const rootOf = (id: string): Uint8Array => new Uint8Array(32).fill(id.charCodeAt(0));

/** Shares of a validator that needs 2 of 3, with good signatures of the id; `signs` spoils them. */
function sharesOf(id: string, shareIndexes: readonly number[], signs = id): SignatureShare<string>[] {
  const {publicKey, publicKeyShares, secretShares} = deal(scalars(2, id), idsUpTo(3));
  return shareIndexes.map((shareIndex) => ({
    id,
    key: id,
    clusterId: "c1",
    threshold: 2,
    validator: {publicKeyHex: id, publicKey, publicKeyShares},
    shareIndex,
    publicKeyShare: publicKeyShares.get(shareIndex) as never,
    bytes: (secretShares.get(shareIndex) as SecretKey).sign(rootOf(signs)).toBytes(),
    cameAt: 1,
  }));
}

type TestSteps = ShareSteps<string, OpenGroup<string>, string>;

/** Steps over a store in memory in which nothing is held; `change` breaks one of them. */
function stepsWith(change: Partial<TestSteps> = {}): {steps: TestSteps; attempts: string[][]; written: string[]} {
  const attempts: string[][] = [];
  const written: string[] = [];
  const steps: TestSteps = {
    what: "deposit",
    logger,
    rootOf,
    async lookUp(groups: readonly ShareGroup<string>[]) {
      attempts.push(groups.map(({key}) => key));
      return {
        settled: [],
        idle: [],
        wanting: groups.map((group) => ({...group, held: new Map(), requesters: new Map(), openedAt: 0})),
      };
    },
    openStored: (stored, use) => use(stored),
    removeShare: async () => {},
    toResult: ({key}) => key,
    async *write(completed: readonly CompletedGroup<OpenGroup<string>, string>[]) {
      for (const {group, result} of completed) {
        written.push(result);
        yield {shares: group.came, outcome: "completed"};
      }
      return [];
    },
    ...change,
  };
  return {steps, attempts, written};
}

const outcomesOf = async (steps: TestSteps, shares: readonly SignatureShare<string>[]): Promise<string[]> => {
  const outcomes = await takeBatch(() => steps, shares);
  return Promise.all(outcomes.map((it) => it.catch((error: Error) => (error instanceof DvtError ? error.code : error.message))));
};

describe("a batch", () => {
  it("has an outcome for each share, in their order", async () => {
    const {steps, attempts, written} = stepsWith();
    const [a1, a2] = sharesOf("a", [1, 2]) as [SignatureShare<string>, SignatureShare<string>];
    const [b1] = sharesOf("b", [1]) as [SignatureShare<string>];
    const [bad] = sharesOf("c", [3], "x") as [SignatureShare<string>];
    expect(await outcomesOf(steps, [a1, b1, bad, a2])).toEqual([
      "completed",
      "collecting",
      "SHARE_SIGNATURE_INVALID",
      "completed",
    ]);
    expect({attempts, written}).toEqual({attempts: [["a", "b", "c"]], written: ["a"]});
  });

  it("fails as a whole when the store is unavailable, after one attempt", async () => {
    const unavailable = new DvtError("STORE_UNAVAILABLE", "write: no server");
    const {steps, attempts} = stepsWith({
      // biome-ignore lint/correctness/useYield: it fails before it has anything to yield
      async *write() {
        throw unavailable;
      },
    });
    await expect(takeBatch(() => steps, [...sharesOf("a", [1, 2]), ...sharesOf("b", [1])])).rejects.toBe(unavailable);
    expect(attempts).toEqual([["a", "b"]]);
  });
});

describe("an unexpected error", () => {
  const breaksOn = (broken: string): Partial<TestSteps> => ({
    toResult: ({key}) => {
      if (key === broken) throw new TypeError(`${key} is broken`);
      return key;
    },
  });

  it("of one group is that group's alone: each is tried again by itself", async () => {
    const {steps, attempts, written} = stepsWith(breaksOn("b"));
    const shares = ["a", "b", "c"].flatMap((id) => sharesOf(id, [1, 2]));
    expect(await outcomesOf(steps, shares)).toEqual([
      "completed",
      "completed",
      "b is broken",
      "b is broken",
      "completed",
      "completed",
    ]);
    expect(attempts).toEqual([["a", "b", "c"], ["a"], ["b"], ["c"]]);
    expect(written).toEqual(["a", "c"]);
  });

  it("changes nothing about shares that have their outcome: they are not tried again", async () => {
    const {steps, attempts} = stepsWith(breaksOn("b"));
    const lookUp: TestSteps["lookUp"] = async (groups) => {
      const {wanting, ...others} = await steps.lookUp(groups);
      const settled = groups.filter(({key}) => key === "a").map(({came}) => ({shares: came, outcome: "superseded"}));
      return {...others, settled, wanting: wanting.filter(({key}) => key !== "a")};
    };
    const shares = [...sharesOf("a", [3]), ...sharesOf("b", [1, 2])];
    expect(await outcomesOf({...steps, lookUp}, shares)).toEqual(["superseded", "b is broken", "b is broken"]);
    expect(attempts).toEqual([["a", "b"], ["b"]]);
  });

  it("of a batch of one group is thrown", async () => {
    const {steps, attempts} = stepsWith(breaksOn("b"));
    await expect(takeBatch(() => steps, sharesOf("b", [1, 2]))).rejects.toThrow("b is broken");
    expect(attempts).toEqual([["b"]]);
  });
});
