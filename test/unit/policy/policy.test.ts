import {describe, expect, it} from "vitest";
import type {ValidatorFinder} from "../../../src/beacon/findValidators.js";
import type {ChainValidator} from "../../../src/beacon/validators.js";
import {DvtError} from "../../../src/errors.js";
import type {ExitId} from "../../../src/exits/exitId.js";
import {createNearNextIndex} from "../../../src/policy/nearNextIndex.js";
import {createPolicy, defaultIndexesPerKeyPerDay, type Policy, type PolicyRules} from "../../../src/policy/policy.js";
import {exitOf, forgetful, openLog} from "../../support/exitLog.js";
import {useFolder} from "../../support/files.js";
import {aSlowLog} from "../../support/slowLog.js";

const folder = useFolder();
const keyA = `0x${"aa".repeat(48)}`;
const keyB = `0x${"bb".repeat(48)}`;
const minute = 60_000;
const start = 1_800_000_000_000;
const at = (minutes: number): number => start + minutes * minute;

const rules: PolicyRules = {exitsPerHour: 1000, indexesPerKeyPerDay: 3, allowActiveValidators: false};
const aPolicy = (change: Partial<PolicyRules> = {}, log = forgetful): Policy => createPolicy({...rules, ...change}, log);

/** The decision for each exit in turn: "sign", or the code. */
async function outcomes(policy: Policy, asks: readonly [ExitId, number][]): Promise<string[]> {
  const all: string[] = [];
  for (const [exit, now] of asks) all.push(await outcome(policy, exit, now));
  return all;
}
async function outcome(policy: Policy, exit: ExitId, now: number): Promise<string> {
  try {
    const decision = await policy.decide(exit, now);
    return decision.outcome === "sign" ? "sign" : decision.code;
  } catch (error) {
    return (error as DvtError).code;
  }
}

describe("EXITS_PER_HOUR", () => {
  const exits = Array.from({length: 6}, (_, i) => exitOf(`0x${String(i).repeat(96)}`, i)) as ExitId[];
  const [one, two, three, four] = exits as [ExitId, ExitId, ExitId, ExitId];

  it("delays exits beyond it, and signs them once the hour has moved on", async () => {
    const asks: [ExitId, number][] = [
      [one, at(0)],
      [two, at(30)],
      [three, at(59)],
      [three, at(60)],
      [four, at(61)],
      [four, at(89)],
      [four, at(90)],
    ];
    const expected = ["sign", "sign", "RATE_LIMITED", "sign", "RATE_LIMITED", "RATE_LIMITED", "sign"];
    expect(await outcomes(aPolicy({exitsPerHour: 2}), asks)).toEqual(expected);
  });

  it("counts an exit once within an hour, and again afterwards", async () => {
    const policy = aPolicy({exitsPerHour: 1});
    const asks: [ExitId, number][] = [
      [one, at(0)],
      [one, at(59)],
      [two, at(59)],
      [one, at(60)],
      [two, at(61)],
    ];
    expect(await outcomes(policy, asks)).toEqual(["sign", "sign", "RATE_LIMITED", "sign", "RATE_LIMITED"]);
  });

  it("holds for exits that all arrive at once, each of them twice", async () => {
    const beaconNode: ValidatorFinder = {findValidators: async () => []};
    for (const chain of [undefined, beaconNode]) {
      const policy = aPolicy({exitsPerHour: 4, beaconNode: chain});
      const all = await Promise.all([...exits, ...exits].map((exit) => outcome(policy, exit, at(0))));
      expect(all.filter((it) => it === "sign")).toHaveLength(8);
      expect(all.filter((it) => it === "RATE_LIMITED")).toHaveLength(4);
    }
  });

  it("still counts after a restart, and so do the indexes", async () => {
    const path = folder.fresh();
    const first = await openLog(path, at(0));
    expect(await outcomes(aPolicy({exitsPerHour: 1}, first), [[one, at(0)]])).toEqual(["sign"]);
    // Not closed, as after kill -9.
    const second = aPolicy({exitsPerHour: 1, indexesPerKeyPerDay: 1}, await openLog(path, at(30)));
    const asks: [ExitId, number][] = [
      [two, at(30)],
      [one, at(30)],
      [two, at(60)],
      [exitOf(one.publicKey, 77), at(23 * 60)],
    ];
    expect(await outcomes(second, asks)).toEqual(["RATE_LIMITED", "sign", "sign", "INDEX_LIMIT"]);
  });
});

describe("INDEXES_PER_KEY_PER_DAY", () => {
  it("refuses another index of the key until a day is over, and no other key", async () => {
    const asks: [ExitId, number][] = [
      [exitOf(keyA, 1), at(0)],
      [exitOf(keyA, 2), at(60)],
      [exitOf(keyA, 3), at(120)],
      [exitOf(keyB, 3), at(120)],
      [exitOf(keyA, 2), at(24 * 60 - 1)],
      [exitOf(keyA, 3), at(24 * 60)],
      [exitOf(keyA, 3), at(24 * 60 + 120)],
    ];
    const expected = ["sign", "sign", "INDEX_LIMIT", "sign", "sign", "sign", "sign"];
    expect(await outcomes(aPolicy({indexesPerKeyPerDay: 2}), asks)).toEqual(expected);
  });

  it("is not spent by refused or delayed exits", async () => {
    const policy = aPolicy({exitsPerHour: 1, indexesPerKeyPerDay: 1});
    const asks: [ExitId, number][] = [
      [exitOf(keyA, 1), at(0)],
      [exitOf(keyB, 1), at(1)],
      [exitOf(keyA, 2), at(2)],
      [exitOf(keyB, 2), at(60)],
    ];
    expect(await outcomes(policy, asks)).toEqual(["sign", "RATE_LIMITED", "INDEX_LIMIT", "sign"]);
  });
});

describe("an index near the chain's next one", () => {
  const next = 1_000_000;
  const unavailable = async (): Promise<never> => {
    throw new DvtError("CONSENSUS_UNAVAILABLE", "unavailable");
  };
  const asking = (readNextIndex: () => Promise<number>, change: Partial<PolicyRules> = {}): Policy =>
    aPolicy({indexesPerKeyPerDay: 3, isNearNext: createNearNextIndex(readNextIndex), ...change});

  it("is signed however often the index moves within a day, as it does while others deposit", async () => {
    const asks = Array.from({length: 500}, (_, move): [ExitId, number] => [exitOf(keyA, next + move), at(move)]);
    expect(
      new Set(
        await outcomes(
          asking(async () => next),
          asks,
        ),
      ),
    ).toEqual(new Set(["sign"]));
  });

  it.each([
    {index: next - 1001, code: "INDEX_LIMIT"},
    {index: next - 1000, code: "sign"},
    {index: next + 2000, code: "sign"},
    {index: next + 2001, code: "INDEX_LIMIT"},
  ])("is not one like $index if 1000000 is next: $code once the daily limit is reached", async ({index, code}) => {
    const policy = asking(async () => next);
    await outcomes(
      policy,
      [1, 2, 3].map((far): [ExitId, number] => [exitOf(keyA, far), at(0)]),
    );
    expect(await outcome(policy, exitOf(keyA, index), at(1))).toBe(code);
  });

  it("is checked only once the daily limit is reached, and delayed while the beacon node does not answer", async () => {
    const policy = asking(unavailable, {indexesPerKeyPerDay: 1});
    const asks = [next, next + 1, next].map((index): [ExitId, number] => [exitOf(keyA, index), at(0)]);
    expect(await outcomes(policy, asks)).toEqual(["sign", "CONSENSUS_UNAVAILABLE", "sign"]);
  });

  it("does not let two others at once take the day's last place", async () => {
    const beaconNode: ValidatorFinder = {findValidators: async () => []};
    const policy = asking(async () => next, {indexesPerKeyPerDay: 1, beaconNode});
    const all = await Promise.all([1, 2, next].map((index) => outcome(policy, exitOf(keyA, index), at(0))));
    expect(all.sort()).toEqual(["INDEX_LIMIT", "sign", "sign"]);
  });
});

describe("without a beacon node", () => {
  it("an index that every block of a day moves is never refused", async () => {
    const policy = aPolicy({exitsPerHour: 10_000, indexesPerKeyPerDay: defaultIndexesPerKeyPerDay({asksTheChain: false})});
    const asks = Array.from({length: 7200}, (_, block): [ExitId, number] => [exitOf(keyA, block), start + block * 12_000]);
    expect(new Set(await outcomes(policy, asks))).toEqual(new Set(["sign"]));
  });
});

describe("ALLOWED_KEYS_FILE", () => {
  it("refuses every other key, without asking the beacon node", async () => {
    const asked: (string | number)[] = [];
    const beaconNode: ValidatorFinder = {
      findValidators: async (ids) => {
        asked.push(...ids);
        return [];
      },
    };
    const policy = aPolicy({allowedKeys: new Set([keyA]), beaconNode});
    expect(await outcomes(policy, [[exitOf(keyB, 1), at(0)]])).toEqual(["KEY_NOT_ALLOWED"]);
    expect(asked).toEqual([]);
    expect(await outcomes(policy, [[exitOf(keyA, 1), at(0)]])).toEqual(["sign"]);
    expect(asked).toEqual([keyA, 1]);
  });
});

describe("CONSENSUS_ENDPOINT", () => {
  const chain = (validators: readonly ChainValidator[]): ValidatorFinder => ({
    findValidators: async (ids) => validators.filter(({publicKey, index}) => ids.includes(publicKey) || ids.includes(index)),
  });
  const known = (publicKey: string, index: number, status: string): ChainValidator => ({
    publicKey,
    index,
    effectiveBalance: 32_000_000_000,
    activationEpoch: 0,
    status,
    withdrawalCredentials: `0x01${"00".repeat(31)}`,
    balance: 32e9,
  });

  it.each([
    {id: "nothing of either", validators: [], code: "sign"},
    {id: "the key pending at this index", validators: [known(keyA, 7, "pending_queued")], code: "sign"},
    {id: "the key exited at this index", validators: [known(keyA, 7, "exited_unslashed")], code: "sign"},
    {id: "the key active", validators: [known(keyA, 7, "active_ongoing")], code: "VALIDATOR_ACTIVE"},
    {id: "the key slashed", validators: [known(keyA, 7, "active_slashed")], code: "VALIDATOR_ACTIVE"},
    {id: "the key active at another index", validators: [known(keyA, 8, "active_ongoing")], code: "VALIDATOR_ACTIVE"},
    {id: "the key at another index", validators: [known(keyA, 8, "pending_queued")], code: "INDEX_OF_ANOTHER_KEY"},
    {id: "the index as another key's", validators: [known(keyB, 7, "active_ongoing")], code: "INDEX_OF_ANOTHER_KEY"},
  ])("decides $code if the chain has $id", async ({validators, code}) => {
    expect(await outcomes(aPolicy({beaconNode: chain(validators)}), [[exitOf(keyA, 7), at(0)]])).toEqual([code]);
  });

  it.each([
    {index: 7, code: "sign"},
    {index: 8, code: "INDEX_OF_ANOTHER_KEY"},
  ])("decides $code for an active validator at $index if ALLOW_ACTIVE_VALIDATORS is true", async ({index, code}) => {
    const beaconNode = chain([known(keyA, index, "active_ongoing")]);
    expect(await outcomes(aPolicy({beaconNode, allowActiveValidators: true}), [[exitOf(keyA, 7), at(0)]])).toEqual([code]);
  });

  it("delays everything while it does not answer, and spends nothing", async () => {
    let unavailable = true;
    const beaconNode: ValidatorFinder = {
      findValidators: async () => {
        if (unavailable) throw new DvtError("CONSENSUS_UNAVAILABLE", "unavailable");
        return [];
      },
    };
    const policy = aPolicy({beaconNode, exitsPerHour: 1});
    expect(await outcomes(policy, [[exitOf(keyA, 1), at(0)]])).toEqual(["CONSENSUS_UNAVAILABLE"]);
    unavailable = false;
    expect(await outcomes(policy, [[exitOf(keyB, 1), at(0)]])).toEqual(["sign"]);
  });

  it("is not asked about exits beyond a limit", async () => {
    let asked = 0;
    const beaconNode: ValidatorFinder = {
      findValidators: async () => {
        asked++;
        return [];
      },
    };
    const policy = aPolicy({beaconNode, exitsPerHour: 1, indexesPerKeyPerDay: 1});
    await outcomes(policy, [[exitOf(keyA, 1), at(0)]]);
    const before = asked;
    const asks: [ExitId, number][] = [
      [exitOf(keyB, 1), at(0)],
      [exitOf(keyA, 2), at(0)],
    ];
    expect(await outcomes(policy, asks)).toEqual(["RATE_LIMITED", "INDEX_LIMIT"]);
    expect(asked).toBe(before);
  });
});

describe("SIDECAR_STATE_FILE", () => {
  it("has the exit before the policy returns sign, even for two decisions at once", async () => {
    const {log, appended, store} = aSlowLog();
    const policy = aPolicy({}, log);
    const signed: number[] = [];
    const both = [1, 2].map((who) => policy.decide(exitOf(keyA, 1), at(0)).then(() => signed.push(who)));
    await new Promise((resolve) => setImmediate(resolve));
    expect({signed, appended: appended()}).toEqual({signed: [], appended: 1});
    store();
    await Promise.all(both);
    expect(signed).toEqual([1, 2]);
  });

  it("has to store the exit again after a failure", async () => {
    let full = true;
    let appended = 0;
    const append = async (): Promise<void> => {
      appended++;
      if (full) throw new DvtError("STATE_UNWRITABLE", "the disk is full");
    };
    const policy = aPolicy({exitsPerHour: 1}, {...forgetful, append});
    const ask: [ExitId, number] = [exitOf(keyA, 1), at(0)];
    expect(await outcomes(policy, [ask])).toEqual(["STATE_UNWRITABLE"]);
    full = false;
    expect(await outcomes(policy, [ask, ask])).toEqual(["sign", "sign"]);
    expect(appended).toBe(2);
  });
});
