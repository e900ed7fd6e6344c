import {describe, expect, it} from "vitest";
import type {ValidatorFinder} from "../../../src/beacon/findValidators.js";
import type {ChainValidator} from "../../../src/beacon/validators.js";
import {DvtError} from "../../../src/errors.js";
import {createPolicy, type Policy, type PolicyRules} from "../../../src/policy/policy.js";
import {exitOf, openLog} from "../../support/exitLog.js";
import {useFolder} from "../../support/files.js";

const folder = useFolder();
const [keyA, keyB] = ["aa", "bb"].map((byte) => `0x${byte.repeat(48)}`) as [string, string];
const hour = 3_600_000;
const start = 1_800_000_000_000;
const ofVault = `0x01${"00".repeat(11)}${"11".repeat(20)}`;
const ofAnother = `0x01${"00".repeat(11)}${"22".repeat(20)}`;

const rotations = {perHour: 2, isOfVault: (_: string, credentials: string) => credentials === ofVault};
const rules: PolicyRules = {exitsPerHour: 1000, indexesPerKeyPerDay: 3, allowActiveValidators: false, rotations};
const rotationOf = (publicKey: string, index: number) => ({...exitOf(publicKey, index), rotation: true});
const known = (publicKey: string, index: number, withdrawalCredentials = ofVault): ChainValidator => ({
  publicKey,
  index,
  effectiveBalance: 32_000_000_000,
  activationEpoch: 0,
  status: "active_ongoing",
  balance: 32_000_000_000,
  withdrawalCredentials,
});
const chain = (...validators: ChainValidator[]): ValidatorFinder => ({
  findValidators: async (ids) => validators.filter(({publicKey, index}) => ids.includes(publicKey) || ids.includes(index)),
});
const aPolicy = async (change: Partial<PolicyRules> = {}, path = folder.fresh(), now = start): Promise<Policy> =>
  createPolicy({...rules, ...change}, await openLog(path, now));
const outcome = (policy: Policy, exit: ReturnType<typeof exitOf> & {rotation?: boolean}, now = start): Promise<string> =>
  policy.decide(exit, now).then(
    (decision) => (decision.outcome === "sign" ? "sign" : decision.code),
    (error: DvtError) => error.code,
  );

describe("a rotation", () => {
  it("is refused unless ALLOW_ROTATION is true, also where active validators are allowed", async () => {
    const policy = await aPolicy({
      rotations: undefined,
      allowActiveValidators: true,
      beaconNode: chain(known(keyA, 7)),
    });
    expect(await outcome(policy, rotationOf(keyA, 7))).toBe("ROTATION_NOT_ALLOWED");
    expect(await outcome(policy, exitOf(keyA, 7))).toBe("sign");
  });

  it.each([
    {id: "the validator as the vault's", validators: [known(keyA, 7)], code: "sign"},
    {id: "the validator as another vault's", validators: [known(keyA, 7, ofAnother)], code: "ROTATION_UNFOUNDED"},
    {id: "nothing of it", validators: [], code: "ROTATION_UNFOUNDED"},
    {id: "the key at another index", validators: [known(keyA, 8)], code: "INDEX_OF_ANOTHER_KEY"},
    {id: "the index as another key's", validators: [known(keyB, 7)], code: "INDEX_OF_ANOTHER_KEY"},
    {id: "both, apart", validators: [known(keyA, 8), known(keyB, 7)], code: "INDEX_OF_ANOTHER_KEY"},
  ])("is decided $code if the chain shows $id", async ({validators, code}) => {
    expect(await outcome(await aPolicy({beaconNode: chain(...validators)}), rotationOf(keyA, 7))).toBe(code);
  });

  it("of a validator is signed if its exit was signed for this index before, however long ago, with a beacon node or without", async () => {
    const path = folder.fresh();
    const before = await openLog(path, start - 400 * 24 * hour);
    await before.append({exit: exitOf(keyA, 7), signedAt: start - 400 * 24 * hour});
    await before.close();
    for (const beaconNode of [undefined, chain(known(keyA, 7, ofAnother))]) {
      const policy = await aPolicy({beaconNode}, path);
      expect(await outcome(policy, rotationOf(keyA, 7))).toBe("sign");
      expect(await outcome(policy, rotationOf(keyA, 8))).not.toBe("sign");
      expect(await outcome(policy, rotationOf(keyB, 7))).not.toBe("sign");
    }
  });

  it("does not make an active validator's exit allowed that is no rotation", async () => {
    const policy = await aPolicy({beaconNode: chain(known(keyA, 7))});
    expect(await outcome(policy, exitOf(keyA, 7))).toBe("VALIDATOR_ACTIVE");
    expect(await outcome(policy, rotationOf(keyA, 7))).toBe("sign");
    expect(await outcome(policy, exitOf(keyA, 7))).toBe("VALIDATOR_ACTIVE");
  });

  it("is refused for a key that is not allowed", async () => {
    const policy = await aPolicy({beaconNode: chain(known(keyA, 7)), allowedKeys: new Set([keyB])});
    expect(await outcome(policy, rotationOf(keyA, 7))).toBe("KEY_NOT_ALLOWED");
  });

  it("waits while the beacon node does not answer, and spends nothing", async () => {
    let isUp = false;
    const beaconNode: ValidatorFinder = {
      findValidators: async () => {
        if (!isUp) throw new DvtError("CONSENSUS_UNAVAILABLE", "unavailable");
        return [known(keyA, 7)];
      },
    };
    const policy = await aPolicy({beaconNode, rotations: {...rotations, perHour: 1}});
    expect(await outcome(policy, rotationOf(keyA, 7))).toBe("CONSENSUS_UNAVAILABLE");
    isUp = true;
    expect(await outcome(policy, rotationOf(keyA, 7))).toBe("sign");
  });
});

describe("ROTATIONS_PER_HOUR", () => {
  const three = [7, 8, 9].map((index) => ({publicKey: `0x${String(index).repeat(96)}`, index}));
  const beaconNode = chain(...three.map(({publicKey, index}) => known(publicKey, index)));
  const [one, two, last] = three.map(({publicKey, index}) => rotationOf(publicKey, index)) as [
    ReturnType<typeof rotationOf>,
    ReturnType<typeof rotationOf>,
    ReturnType<typeof rotationOf>,
  ];

  it("delays those beyond it, also when all come at once, and after a restart", async () => {
    const path = folder.fresh();
    const policy = await aPolicy({beaconNode}, path);
    const all = await Promise.all([one, two, last].map((exit) => outcome(policy, exit)));
    expect(all.sort()).toEqual(["RATE_LIMITED", "sign", "sign"]);
    const restarted = await aPolicy({beaconNode}, path, start + 1);
    expect((await Promise.all([one, two, last].map((exit) => outcome(restarted, exit, start + 1)))).sort()).toEqual(all);
    expect(await outcome(restarted, last, start + hour)).toBe("sign");
  });

  it("and EXITS_PER_HOUR do not count each other's, nor does the daily limit of indexes count rotations", async () => {
    const path = folder.fresh();
    const change = {exitsPerHour: 2, indexesPerKeyPerDay: 1};
    // Each after a restart: the file tells one kind from the other.
    for (const [exit, code] of [
      [one, "sign"],
      [two, "sign"],
      [last, "RATE_LIMITED"],
      [exitOf(one.publicKey, 100), "sign"],
      [exitOf(two.publicKey, 101), "sign"],
      [exitOf(last.publicKey, 102), "RATE_LIMITED"],
      [exitOf(one.publicKey, 103), "INDEX_LIMIT"],
    ] as const)
      expect([
        exit.validatorIndex,
        await outcome(await aPolicy({...change, beaconNode: "rotation" in exit ? beaconNode : undefined}, path), exit),
      ]).toEqual([exit.validatorIndex, code]);
  });
});
