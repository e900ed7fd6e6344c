import {describe, expect, it} from "vitest";
import type {ClusterDefinition} from "../../../src/clusters/cluster.js";
import {networks} from "../../../src/consensus/networks.js";
import {DvtError} from "../../../src/errors.js";
import {followKeyShares, type KeyProblem, type KeyShareSource, type KeyShares, toError} from "../../../src/keys/keyShares.js";
import {aCluster} from "../../support/examples/cluster.js";

describe("key shares that follow their definition", () => {
  const {definition} = aCluster({validators: 2});
  const problem = {error: new DvtError("KEYSTORE_FOREIGN", "open one")};
  /** Holds the keys of whatever definition it is opened with, and signs with their count. */
  const keySharesOf = ({validators}: ClusterDefinition): KeyShares => ({
    shareIndex: 2,
    publicKeys: new Set(validators.keys()),
    sign: async () => Uint8Array.of(validators.size),
    signDeposit: async () => Uint8Array.of(validators.size),
  });
  const source: Pick<KeyShareSource, "open"> = {
    open: async (cluster) => {
      if (cluster.threshold === 0) throw new DvtError("SIGNER_UNAVAILABLE", "ask");
      return {keyShares: keySharesOf(cluster), problems: [problem]};
    },
  };
  const first = {...definition, validators: new Map([...definition.validators].slice(0, 1))};
  const exit = {network: networks.hoodi, publicKey: "", validatorIndex: 1};

  it("are those that were opened last, with their problems", async () => {
    const live = followKeyShares(source, keySharesOf(first));
    expect([live.shareIndex, live.publicKeys.size, ...(await live.sign(exit))]).toEqual([2, 1, 1]);
    expect(await live.reopen(definition)).toEqual([problem]);
    expect([live.publicKeys.size, ...(await live.sign(exit))]).toEqual([2, 2]);
  });

  it("stay as they are when they cannot be opened again", async () => {
    const live = followKeyShares(source, keySharesOf(first));
    await expect(live.reopen({...definition, threshold: 0})).rejects.toMatchObject({code: "SIGNER_UNAVAILABLE"});
    expect(live.publicKeys.size).toBe(1);
  });
});

describe("problems in one error", () => {
  const problems = (count: number) =>
    Array.from({length: count}, (_, at) => ({
      error: new DvtError(at === 0 ? "KEYSTORE_INVALID" : "KEYSTORE_FOREIGN", `open keystore ${at}`),
    })) as unknown as [KeyProblem];

  it("are the one itself, or all, under the code of the first", () => {
    const [only] = problems(1);
    expect(toError([only])).toBe(only.error);
    const several = toError(problems(3));
    expect(several.code).toBe("KEYSTORE_INVALID");
    for (const at of [0, 1, 2]) expect(several.message).toContain(`open keystore ${at} [`);
  });

  it("are the first ten of many", () => {
    const {message} = toError(problems(1000));
    expect(message.match(/open keystore \d/g)).toHaveLength(10);
    expect(message).toContain("990");
  });
});
